"""A target file, read and checked.

It must not call the platform.
"""
