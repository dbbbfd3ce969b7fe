"""Goals: targets with the chance of meeting them, and what is not targeted beside them."""
