"""What a failure says to people: values in words, and the call whose response is judged.

It must not call the platform, and must not know what a run concludes.
"""
