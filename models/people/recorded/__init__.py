"""Rates by age of a record-level extract: curves and counts shrunk towards each other, with joint draws."""
