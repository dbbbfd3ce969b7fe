"""Harm, risks and hidden demand: what is at stake beyond the hours."""
