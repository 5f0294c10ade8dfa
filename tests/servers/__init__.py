"""Small real servers that speak a vendor's protocol."""
