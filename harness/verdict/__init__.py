"""What a run concludes: results, clauses, exit status, summary.

It must not call the platform.
"""
