"""What-ifs and their consequences: a plan is arithmetic on the forecast's own draws (docs/plan.md)."""
