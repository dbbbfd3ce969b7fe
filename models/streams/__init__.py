"""Forecasts of streams, by the code that forecasts crime types wherever the two are alike."""
