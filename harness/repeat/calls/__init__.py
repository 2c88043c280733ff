"""The calls of a story as lines of a shell script, with the values that must differ in each run of the script.

It must not know what the script checks.
"""
