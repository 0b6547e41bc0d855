"""Queries: their text, their parameters, and how they are run."""
