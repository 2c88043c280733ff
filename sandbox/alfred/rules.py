"""Alfred's rules whole, without HTTP: what docs/contract.md promises under A, P, W, F and S.

The parts are joined into one class so that any single rule of the API can be replaced by overriding one method.
"""

from sandbox.alfred.funding import AlfredFunding
from sandbox.alfred.purchases import AlfredPurchases


class AlfredRules(AlfredPurchases, AlfredFunding):
    """Users, purchases and fundings."""
