"""The Google Cloud family of the ports. Each module imports one vendor, when it is first used."""
