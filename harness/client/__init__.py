"""A call as a value, and the client that sends it and checks its response.

It must not know any single API.
"""
