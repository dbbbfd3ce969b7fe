"""The contracts of the canonical tables."""
