"""The WalletAPI: client, wallet pool, model, random walk.

It must not know Alfred.
"""
