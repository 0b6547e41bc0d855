"""Everything that can be wrong with a graph, in files, in stores and at endpoints."""
