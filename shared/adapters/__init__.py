"""Families of the same ports: one vendor a file, vendor errors translated here."""
