"""A provenance-first knowledge graph of police collaborations."""

__version__ = "0.1.0"
