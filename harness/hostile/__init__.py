"""Hostile input for any operation: the input, and the allowed outcomes.

It must not know any single API.
"""
