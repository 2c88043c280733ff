"""Calls that are released at the same moment.

It must not know any single API.
"""
