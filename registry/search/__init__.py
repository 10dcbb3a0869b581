"""Finding things: one query over everything public, by PostgreSQL's own full text."""
