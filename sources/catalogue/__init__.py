"""Which files a data folder may hold, where each comes from, and which are there."""
