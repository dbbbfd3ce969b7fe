"""Demand of a plan: judgement, scenarios and streams as factors on the forecast's own draws."""
