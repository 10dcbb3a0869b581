"""The pages of concerns."""
