"""What deviates: what was to be expected, how far outside chance each day is, what to tell of."""
