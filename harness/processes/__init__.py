"""The processes of a run: their exit status, signals between them, values that they share, and how pytest is started.

They know no other part of the suite.
"""
