"""The ways to forecast, and the catalogue of them."""
