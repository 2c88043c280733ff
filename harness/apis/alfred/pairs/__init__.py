"""Kinds of purchase in all pairs, and calls of every two kinds at the same time."""
