"""The steps of the WalletAPI, one module per subject."""
