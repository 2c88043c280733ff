"""The Admin UI, rendered on the server.

It must not change anything.
"""
