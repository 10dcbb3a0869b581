"""The discussion: threads on everything in the registry, and the workshops that make norms."""
