"""Demand by age: rates, shares and the population factor."""
