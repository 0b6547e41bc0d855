"""What is shown of a thing or a whole graph, and what is handed on."""
