"""Pages of release entries: reading them, editing drafts, publishing."""
