"""Boroughs for commands: every grouping that the rules allow, the best of them proved."""
