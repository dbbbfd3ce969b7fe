"""What publishers release, read, checked and brought to canonical tables. Files walk in, tidy tables walk out."""
