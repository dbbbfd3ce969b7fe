"""Pages and documents in words."""
