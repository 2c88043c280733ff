"""What a run concludes: the state of each clause, the statuses that apply, the likely causes, the verdict.

It must not know pytest, nor any output that is made from the verdict.
"""
