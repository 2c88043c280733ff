"""Proof that the suite works: defects that it must catch, and harmless variants on which it must stay green."""
