"""Feature files: reading, checking, collecting; sentences, tags, step lookup.

It must not know the platform or a response.
"""
