"""Plugins for what a run may use: how much it tries (``--depth``), what its target allows, and the plan of both.

They know no feature and no result.
"""
