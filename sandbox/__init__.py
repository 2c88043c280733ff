"""The embedded platform: both APIs of docs/contract.md, stateful and strict, on a double-entry ledger."""

ANNOUNCEMENT = "sandbox listening on "
