"""How work is run: engines, servers, locks, failures, the journal."""
