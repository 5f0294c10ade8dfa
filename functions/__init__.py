"""Doors: one file per deployed function. catalog.yaml is their table."""
