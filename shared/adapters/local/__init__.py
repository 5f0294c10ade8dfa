"""The embedded family: DuckDB, SQLite, a durable queue, an offline model."""
