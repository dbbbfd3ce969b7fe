"""The Prefect flows, in the order in which data walks."""
