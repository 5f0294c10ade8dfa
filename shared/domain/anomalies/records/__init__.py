"""Anomalies as records: how they begin, go on and end, and what people do about them."""
