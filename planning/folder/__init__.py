"""The plan folder: its contracts, reading, checks, defaults, and a new one."""
