"""Forecasts held against what was observed: scores, comparison, promotion."""
