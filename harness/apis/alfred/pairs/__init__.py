"""Kinds of purchase in all pairs."""
