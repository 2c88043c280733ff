"""Every reason to reject a call, by name, with its HTTP status. No other module knows statuses."""

_NAMES = {
    400: "body_cut_short body_not_utf8 body_not_json body_too_deep body_not_object duplicate_member broken_text",
    401: "missing_credential unknown_credential",
    403: "wrong_role foreign_platform foreign_wallet foreign_account foreign_payment"
    " session_of_another_wallet session_of_another_account",
    404: "unknown_call unknown_purchase unknown_wallet unknown_account unknown_session unknown_payment"
    " unknown_owner unknown_alias unknown_sale",
    405: "wrong_method",
    409: "session_of_another_purchase purchase_confirmed balance_spent"
    " alias_taken insufficient_balance reference_taken already_undone",
    413: "body_too_large",
    422: "missing_member not_text empty_text not_an_object not_a_flag not_a_number not_whole not_positive negative"
    " too_large too_precise not_a_guid not_a_moment not_an_alias already_past wrong_currency wrong_payment_type"
    " unknown_shop_configuration method_not_offered instrument_not_offered unknown_cashback_type",
    500: "unexpected",
}
STATUSES = {name: status for status, names in _NAMES.items() for name in names.split()}


class Rejection(Exception):
    """A call that is rejected; nothing was changed."""

    def __init__(self, name: str, member: str = "") -> None:
        """``name`` is a key of STATUSES; ``member`` is the name of the wrong member, never a value that was sent."""
        self.name = name
        self.status = STATUSES[name]
        self.message = f"{member}: {name}".removeprefix(": ").replace("_", " ")
        super().__init__(name)


def require(condition: object, name: str, member: str = "") -> None:
    """Reject the call for this reason unless the condition is true."""
    if not condition:
        raise Rejection(name, member)
