"""What is kept back so that nobody is recognised."""
