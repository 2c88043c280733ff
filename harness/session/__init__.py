"""The pytest session: the target, the platform with its clients, and how a session ends.

Only commands may import it.
"""
