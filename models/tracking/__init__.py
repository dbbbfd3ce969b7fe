"""Runs, models and versions in MLflow."""
