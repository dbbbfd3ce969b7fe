"""Who lives where: estimates, census bands, projections."""
