"""Streams as panels that models of crime types can learn from: gaps filled, short histories lengthened."""
