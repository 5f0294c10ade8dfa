"""The two families that keep the ports, opened for tests."""
