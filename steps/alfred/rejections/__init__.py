"""Calls of Alfred that must be rejected, and what they must not change. No other step imports them."""
