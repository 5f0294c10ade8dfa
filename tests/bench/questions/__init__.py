"""Questions as people type them, what is right to answer, and how answers are scored."""
