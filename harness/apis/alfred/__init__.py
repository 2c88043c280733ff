"""Alfred: client, model, random walk, Admin UI.

It must not know the WalletAPI.
"""
