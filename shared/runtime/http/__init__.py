"""The HTTP edge: everything between a request and an operation."""
