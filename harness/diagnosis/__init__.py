"""Finds the cause of a fault: the environment, the platform, or a mistake in a file.

It must not decide the verdict of a run: harness/verdict does.
"""
