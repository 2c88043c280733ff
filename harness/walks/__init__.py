"""Random walks, and the states that a model considers possible.

It must not know any single API.
"""
