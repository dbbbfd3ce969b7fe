"""Forecasts as a cube of draws: the models, their uncertainty, their scores and their registry."""
