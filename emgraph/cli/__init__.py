"""Words to calls, and results to exit codes."""
