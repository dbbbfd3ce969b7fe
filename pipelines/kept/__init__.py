"""What one step of the job leaves for another, or for the next command."""
