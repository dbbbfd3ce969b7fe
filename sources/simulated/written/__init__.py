"""The files of the simulated force, in the forms of their publishers."""
