"""Anomalies: what changed in a project's numbers that chance and the calendar do not explain."""
