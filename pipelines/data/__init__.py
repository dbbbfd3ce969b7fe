"""Fetching files, and a folder for another force."""
