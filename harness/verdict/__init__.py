"""The verdict of a run: results, clauses, exit status, summary.

It must not call the platform.
"""
