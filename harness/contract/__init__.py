"""What the documents promise, as data: operations, schemas, clauses, leaks.

It must not know how a request is sent, nor any scenario.
"""
