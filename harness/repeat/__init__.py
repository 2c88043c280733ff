"""A shell script per failed scenario that repeats it with curl and jq: its calls, and the check that failed.

It must not know any single API.
"""
