"""Calls of Alfred at the same time: which calls are sent, and what may follow from them. No other step imports them."""
