"""Measures quality and speed; each module is a command: ``python -m benchmarks.archive``."""
