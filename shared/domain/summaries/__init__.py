"""The weekly summary: what a week brought, in computed facts and in words."""
