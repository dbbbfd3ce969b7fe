"""A release: whole or not at all, sealed, listed, compared with the one before."""
