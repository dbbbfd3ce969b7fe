"""Shares of age groups forecast at past origins, held against what was recorded and against shares unchanged."""
