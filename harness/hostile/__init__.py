"""Hostile input for any operation: what is sent, and what may come of it.

It must not know any single API.
"""
