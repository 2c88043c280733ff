"""One way onto the wire: requests, responses, faults, curl lines, masking.

It must not know any API, pytest or the contract.
"""
