"""Alfred in the sandbox: routes, rules, records.

It must not know the WalletAPI.
"""
