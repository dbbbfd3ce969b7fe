"""The figures of how good forecasts have been."""
