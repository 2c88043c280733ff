"""Alfred's ids."""

from sandbox.ledger import identifiers


class Ids:
    """Makes a new id of each kind. All kinds have the same format."""

    def new(self) -> str:
        return identifiers.new_alfred_id()

    wallet = account = purchase = session = instrument = payment_session = payment = new
