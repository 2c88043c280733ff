"""Who caused it? Before the first scenario and within one: the environment, the platform, or a mistake in a file.

It must not conclude what a run is worth: harness/verdict does.
"""
