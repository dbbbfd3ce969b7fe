"""Joint draws, and every published figure as a summary of them."""
