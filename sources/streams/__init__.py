"""Streams: every demand on the police that is no crime type, read by one contract.

Walks in: a data folder. Walk out: what is said of each stream, and its counts or amounts by area and period.
A stream is never added to offences: a flag cuts across them, and calls and hours are other things.
"""
