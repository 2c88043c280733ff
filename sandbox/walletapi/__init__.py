"""The WalletAPI in the sandbox: routes, rules, records.

It must not know Alfred.
"""
