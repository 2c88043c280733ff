"""Every reason to reject a call, by name, with its HTTP status and message. No other module knows statuses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """The HTTP status and the message. ``{member}`` is replaced by the name of the member that is wrong."""

    status: int
    message: str


REASONS = {
    # the body
    "body_too_large": Reason(413, "The body is larger than one megabyte."),
    "body_cut_short": Reason(400, "The body ended before its announced length."),
    "body_not_utf8": Reason(400, "The body is not UTF-8."),
    "body_not_json": Reason(400, "The body is not one JSON value."),
    "body_too_deep": Reason(400, "The body is nested too deep."),
    "body_not_object": Reason(400, "The body is not a JSON object."),
    "duplicate_member": Reason(400, "The body contains a member twice."),
    "broken_text": Reason(400, "A text contains half of a surrogate pair."),
    # members of the body
    "missing_member": Reason(422, "{member} is missing."),
    "not_text": Reason(422, "{member} must be a text."),
    "empty_text": Reason(422, "{member} must not be empty."),
    "not_an_object": Reason(422, "{member} must be an object."),
    "not_a_flag": Reason(422, "{member} must be true or false."),
    "not_a_number": Reason(422, "{member} must be a number."),
    "not_whole": Reason(422, "{member} must be a whole number."),
    "not_positive": Reason(422, "{member} must be more than zero."),
    "negative": Reason(422, "{member} must not be negative."),
    "too_large": Reason(422, "{member} must have at most twelve digits before the point."),
    "too_precise": Reason(422, "{member} has too many places after the point."),
    "not_a_guid": Reason(422, "{member} must be a GUID."),
    "not_a_moment": Reason(422, "{member} must be a date and time."),
    "not_an_alias": Reason(422, "{member} must be ten digits."),
    "already_past": Reason(422, "{member} is already past."),
    # the caller
    "missing_credential": Reason(401, "A credential is missing."),
    "unknown_credential": Reason(401, "A credential is unknown."),
    "wrong_role": Reason(403, "This credential does not allow this call."),
    "foreign_platform": Reason(403, "The platform is not the credential's."),
    "foreign_wallet": Reason(403, "The wallet is another user's."),
    "foreign_account": Reason(403, "The account is another user's."),
    "foreign_payment": Reason(403, "The payment is another user's."),
    # Alfred
    "unknown_shop_configuration": Reason(422, "The shop configuration is unknown."),
    "wrong_currency": Reason(422, "{member} is not a currency of this platform."),
    "wrong_payment_type": Reason(422, "{member} must be Funding."),
    "unknown_purchase": Reason(404, "The purchase is unknown."),
    "unknown_wallet": Reason(404, "The wallet is unknown."),
    "unknown_account": Reason(404, "The wallet account is unknown."),
    "unknown_session": Reason(404, "The payment session is unknown."),
    "unknown_payment": Reason(404, "The payment is unknown."),
    "session_of_another_purchase": Reason(409, "The payment session belongs to another purchase."),
    "session_of_another_wallet": Reason(403, "The payment session belongs to another user's wallet."),
    "session_of_another_account": Reason(403, "The payment session belongs to another account."),
    "purchase_confirmed": Reason(409, "The purchase is confirmed already."),
    "method_not_offered": Reason(422, "The payment method was not offered."),
    "instrument_not_offered": Reason(422, "The payment instrument was not offered."),
    "balance_spent": Reason(409, "Less balance is left than the session showed."),
    # WalletAPI
    "unknown_owner": Reason(404, "The wallet owner is unknown."),
    "alias_taken": Reason(409, "The alias belongs to another wallet."),
    "unknown_alias": Reason(404, "No wallet has this alias."),
    "insufficient_balance": Reason(409, "The balance does not cover the sale."),
    "unknown_cashback_type": Reason(422, "{member} must be Amount or Percentage."),
    "reference_taken": Reason(409, "Another sale has this ExternalReference."),
    "unknown_sale": Reason(404, "No sale has this ExternalReference."),
    "already_undone": Reason(409, "The sale was undone already."),
    # HTTP
    "unknown_call": Reason(404, "There is no such call."),
    "wrong_method": Reason(405, "This call requires another method."),
    "unexpected": Reason(500, "The sandbox failed. Its stderr shows why."),
}


class Rejection(Exception):
    """A call that is rejected; nothing was changed."""

    def __init__(self, name: str, member: str = "") -> None:
        """``name`` is a key of REASONS; ``member`` is the name of the wrong member, never a value that was sent."""
        self.name = name
        self.reason = REASONS[name]
        self.message = self.reason.message.format(member=member)
        super().__init__(name)


def require(condition: object, name: str, member: str = "") -> None:
    """Reject the call for this reason unless the condition is true."""
    if not condition:
        raise Rejection(name, member)
