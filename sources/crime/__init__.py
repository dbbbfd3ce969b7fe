"""Recorded crime: publishers' layouts, crime types, editions joined to one history."""
