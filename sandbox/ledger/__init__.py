"""Money, postings, database, records, ids, timestamps.

It must not know HTTP or any API.
"""
