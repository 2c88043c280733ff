"""Calls of the WalletAPI at the same time: which calls are sent, and what may follow. No other step imports them."""
