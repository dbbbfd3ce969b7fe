"""What a plan folder says of stakes and money: contracts, scales of risk, shares derived from surveys, checks."""
