"""SPARQL servers: one request, whole answers, and whether one answers rightly."""
