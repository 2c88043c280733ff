"""A random walk of the WalletAPI, and the model that judges the response to each of its calls.

It must not know the pairs and races that use the model, too.
"""
