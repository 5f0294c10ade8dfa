"""The suite on one machine, one port, nothing but Python."""
