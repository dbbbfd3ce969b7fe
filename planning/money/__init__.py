"""Money: what demand costs, when reserves end, and what a gap costs to close."""
