"""The check at the end of a script, as conditions of jq on the records of all calls.

It must not know the rest of the script.
"""
