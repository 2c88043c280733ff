"""The steps of the WalletAPI, one module or folder per subject."""
