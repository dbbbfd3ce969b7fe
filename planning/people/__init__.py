"""People: productive hours, officers needed, the gap, and what goes undone."""
