"""Draws: joint possible futures, and what of them is kept for planning."""
