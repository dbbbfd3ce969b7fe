"""Work: ways of handling, levers, hours by function, and the ledger in which an hour stands once."""
