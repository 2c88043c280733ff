"""A random walk of Alfred, and the model that judges the response to each of its calls.

It must not know the pairs and races that use the model, too.
"""
