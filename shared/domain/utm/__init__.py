"""UTM links: built, read back, explained, and kept to a team's conventions.

All work on URLs is on raw tokens: what is not ours leaves as it came, byte for byte.
"""
