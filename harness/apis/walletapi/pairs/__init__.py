"""Kinds of sale in all pairs, and calls of every two kinds at the same time."""
