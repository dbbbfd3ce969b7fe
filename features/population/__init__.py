"""Residents by ward, age and month, and the exposure of demand to them."""
