"""Commands of plans, command units and posts."""
