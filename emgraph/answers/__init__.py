"""Answers for people, one file a format: labels, folded citations, and what was asked."""
