"""Files as they come: read as text or Parquet, checked for damage, never trusted."""
