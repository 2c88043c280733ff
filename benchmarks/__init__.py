"""How fast the suite is, side by side with what it is built from: ``python -m benchmarks``."""
