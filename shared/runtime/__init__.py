"""The shell round a door: settings, composition, the two edges."""
