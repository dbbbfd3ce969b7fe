"""Recipes that forecast each series for itself."""
