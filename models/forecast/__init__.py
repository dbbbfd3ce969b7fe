"""What a forecast is: named factors, noise, areas and years."""
