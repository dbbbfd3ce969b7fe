"""Where: officers for wards, boroughs for commands. Exact optimisation, on the plan's draws."""
