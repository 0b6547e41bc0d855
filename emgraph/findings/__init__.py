"""Findings as text, JSON and Turtle."""
