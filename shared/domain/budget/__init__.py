"""Budget advice: where the next unit of money brings most, and how sure that is."""
