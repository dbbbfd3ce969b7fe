"""What-ifs and their consequences. Until scenarios and judgement arrive, the only scenario is `central`."""
