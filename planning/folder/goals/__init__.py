"""What a plan folder says of goals: contracts, named lists, checks."""
