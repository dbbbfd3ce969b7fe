"""The Prefect flows that walk data through the rooms, and the command line."""
