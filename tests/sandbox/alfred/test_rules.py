"""Alfred's rules, without HTTP: docs/contract.md A, P, W, F and S."""

from decimal import Decimal

import pytest

from sandbox.alfred.routes import OPERATIONS
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call

TAKES = {operation.id: operation.takes for operation in OPERATIONS}


class World:
    """Makes the calls of a platform. The bodies are valid unless members are given."""

    def __init__(self, rules, now):
        self.rules, self.now = rules, now

    def user(self, reference="anna", balance=None):
        wallet = self.now(
            self.rules.users.authenticate(
                self.rules.users.books.settings.platform_id, {"externalReferenceId": reference}
            )
        ).wallet
        if balance:
            self.fund(wallet, balance)
        return wallet

    def funding(self, wallet, **changes):
        opening = {"paymentType": "Funding", "walletAccountId": wallet.account_id}
        session = self.now(self.rules.fundings.open_payment_session(wallet, opening))
        details = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session.instrument_id}
        plain = {"paymentAmount": Decimal(20), "paymentCurrency": "BDT", "paymentSessionDetailsJson": details}
        return plain | {"paymentSessionId": session.id, "walletAccountId": wallet.account_id} | changes

    def pay(self, wallet, **changes):
        return self.now(self.rules.fundings.create_payment(wallet, self.funding(wallet, **changes)))

    def fund(self, wallet, amount):
        payment = self.pay(wallet, paymentAmount=Decimal(amount))
        self.now(self.rules.fundings.confirm_payment(wallet, payment.id))

    def purchase(self, amount=50, **changes):
        plain = {"amount": Decimal(amount), "currency": "BDT"}
        plain["shopConfigurationId"] = self.rules.users.books.settings.shop_configuration_id
        return self.now(self.rules.purchases.create_purchase(plain | changes))

    def session(self, purchase, wallet):
        return self.now(
            self.rules.purchases.open_purchase_session(purchase.id, {"countryCode": "BD", "walletId": wallet.id})
        )

    def confirmation(self, session, method="cash", instrument=None, **changes):
        details = {"selectedPaymentMethod": method, "selectedPaymentInstrumentId": instrument or session.instrument_id}
        plain = {"paymentSessionDetails": details, "paymentSessionId": session.id, "walletId": session.wallet_id}
        return plain | changes

    def confirm(self, purchase, session, **changes):
        return self.now(self.rules.purchases.confirm_purchase(purchase.id, self.confirmation(session, **changes)))

    def balance(self, wallet):
        return self.rules.users.balance_of(wallet)

    def rejected(self, coroutine):
        with pytest.raises(Rejection) as rejection:
            self.now(coroutine)
        return rejection.value.name


def call(operation, key=None, token=None):
    headers = {"api-key": key, "authorization": token and f"Bearer {token}"}
    sent = {name: value for name, value in headers.items() if value}
    return Call("alfred", operation, sent, takes=TAKES[operation])


@pytest.fixture
def world(alfred, now):
    return World(alfred, now)


KEYS = {"shop": "sandbox-shop-key", "platform": "sandbox-platform-key"}


@pytest.mark.parametrize(("operation", "role"), [each for each in TAKES.items() if each[1] != "token"])
def test_key_is_accepted_only_for_operations_of_its_role(alfred, operation, role):
    other = "shop" if role == "platform" else "platform"
    assert alfred.credentials.admit(call(operation, key=KEYS[role])) is None
    for key, name in [(None, "missing_credential"), ("made-up", "unknown_credential"), (KEYS[other], "wrong_role")]:
        with pytest.raises(Rejection, match=name):
            alfred.credentials.admit(call(operation, key=key, token="x"))


@pytest.mark.parametrize("operation", [operation for operation, role in TAKES.items() if role == "token"])
def test_token_identifies_its_user(alfred, now, operation):
    logins = [
        now(alfred.users.authenticate(alfred.users.books.settings.platform_id, {"externalReferenceId": "u"}))
        for _ in range(2)
    ]
    assert [alfred.credentials.admit(call(operation, token=login.token)).id for login in logins] == [
        logins[0].wallet.id
    ] * 2
    for token, name in [(None, "missing_credential"), ("made-up", "unknown_credential"), (KEYS["shop"], "unknown")]:
        with pytest.raises(Rejection, match=name):
            alfred.credentials.admit(call(operation, key=KEYS["shop"], token=token))


def test_each_reference_has_its_own_wallet(world):
    anna = world.user("anna")
    assert world.user("anna") == anna
    others = [world.user(reference) for reference in ("Anna", "anna ", "bela", "\uff41nna", "anna\x00")]
    assert len({anna.id, *(other.id for other in others)}) == 6
    assert len({anna.account_id, *(other.account_id for other in others)}) == 6


@pytest.mark.parametrize(
    "body", [{}, {"externalReferenceId": ""}, {"externalReferenceId": 7}, {"externalReferenceId": None}]
)
def test_login_requires_a_reference(world, alfred, body):
    assert world.rejected(alfred.users.authenticate(alfred.users.books.settings.platform_id, body)) in {
        "missing_member",
        "empty_text",
        "not_text",
    }


def test_login_requires_the_platform_of_the_key(world, alfred):
    assert world.rejected(alfred.users.authenticate("AAEAAAother", {"externalReferenceId": "x"})) == "foreign_platform"


BAD_AMOUNTS = [
    0,
    Decimal("-0.01"),
    "10",
    True,
    None,
    [],
    Decimal("1E+400"),
    int("9" * 1000),
    Decimal("0.001"),
    Decimal("1." + "1" * 999),
]


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=lambda value: str(value)[:12])
def test_amount_must_be_a_number_above_zero(world, alfred, amount):
    with pytest.raises(Rejection):
        alfred.purchases.purchase_amount({"amount": amount})
    anna = world.user()
    with pytest.raises(Rejection):
        world.pay(anna, paymentAmount=amount)


@pytest.mark.parametrize("amount", [1, Decimal("0.01"), Decimal("1E+2"), Decimal("999999999999.99"), Decimal("1.000")])
def test_accepted_amount_is_kept_exactly(world, alfred, amount):
    purchase = alfred.purchases.purchase_amount({"amount": amount})
    assert purchase == amount


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"currency": "bdt"},
        {"currency": None},
        {"currency": 1},
        {"shopConfigurationId": "AAEAAAother"},
        {"shopConfigurationId": None},
        {"description": 1},
    ],
    ids=str,
)
def test_invalid_purchase_is_rejected(world, changes):
    with pytest.raises(Rejection):
        world.purchase(**changes)


@pytest.mark.parametrize(
    ("balance", "part", "rest"), [(0, "0", "50"), ("20.01", "20.01", "29.99"), (50, "50", "0"), (80, "50", "0")]
)
def test_session_shows_the_balance_part_and_the_remaining_part(world, balance, part, rest):
    session = world.session(world.purchase(50), world.user(balance=balance))
    assert (session.balance_part, session.remaining_part) == (Decimal(part), Decimal(rest))


def test_a_session_that_is_never_confirmed_spends_nothing(world):
    anna = world.user(balance=20)
    world.session(world.purchase(), anna)
    assert world.balance(anna) == 20


def test_confirmation_charges_the_shown_part_once(world):
    anna = world.user(balance=20)
    purchase = world.purchase(50)
    session = world.session(purchase, anna)
    world.fund(anna, 5)
    first = world.confirm(purchase, session)
    assert world.confirm(purchase, session) == first
    assert world.balance(anna) == 5


def test_confirmation_is_rejected_while_the_balance_is_too_low(world):
    anna = world.user(balance=20)
    purchases = [world.purchase(15), world.purchase(15)]
    sessions = [world.session(purchase, anna) for purchase in purchases]
    world.confirm(purchases[0], sessions[0])
    with pytest.raises(Rejection, match="balance_spent"):
        world.confirm(purchases[1], sessions[1])
    assert world.balance(anna) == 5
    world.fund(anna, 10)
    world.confirm(purchases[1], sessions[1])
    assert world.balance(anna) == 0


def test_rejected_confirmation_does_not_change_the_session(world, alfred):
    anna, bela = world.user("anna", 20), world.user("bela", 20)
    purchase, other = world.purchase(), world.purchase()
    session, elsewhere = world.session(purchase, anna), world.session(other, anna)
    wrong = {
        "session_of_another_purchase": world.confirmation(elsewhere),
        "session_of_another_wallet": world.confirmation(session, walletId=bela.id),
        "unknown_wallet": world.confirmation(session, walletId="AAEAAAnobody"),
        "unknown_session": world.confirmation(session, paymentSessionId="AAEAAAnone"),
        "instrument_not_offered": world.confirmation(session, instrument=elsewhere.instrument_id),
        "method_not_offered": world.confirmation(session, method="card"),
        "not_an_object": world.confirmation(session, paymentSessionDetails="cash"),
        "missing_member": world.confirmation(session, walletId=None),
    }
    for name, body in wrong.items():
        assert world.rejected(alfred.purchases.confirm_purchase(purchase.id, body)) == name
    assert (
        world.rejected(alfred.purchases.confirm_purchase("AAEAAAnone", world.confirmation(session)))
        == "unknown_purchase"
    )
    assert (world.balance(anna), world.balance(bela)) == (20, 20)
    world.confirm(purchase, session)
    assert (world.balance(anna), world.balance(bela)) == (0, 20)


def test_session_with_an_unknown_or_missing_id_is_rejected(world, alfred):
    anna, purchase = world.user(), world.purchase()
    assert (
        world.rejected(alfred.purchases.open_purchase_session("AAEAAAnone", {"walletId": anna.id}))
        == "unknown_purchase"
    )
    assert (
        world.rejected(alfred.purchases.open_purchase_session(purchase.id, {"walletId": "AAEAAAnone"}))
        == "unknown_wallet"
    )
    assert (
        world.rejected(alfred.purchases.open_purchase_session(purchase.id, {"countryCode": "BD"})) == "missing_member"
    )


def test_wallet_can_be_read_only_by_its_owner(world, alfred):
    anna, bela = world.user("anna"), world.user("bela")
    assert world.now(alfred.users.get_wallet(anna, anna.id)) == anna
    assert world.rejected(alfred.users.get_wallet(anna, bela.id)) == "foreign_wallet"
    assert world.rejected(alfred.users.get_wallet(anna, "AAEAAAnone")) == "unknown_wallet"


def test_funding_is_credited_once_on_confirmation(world, alfred):
    anna, bela = world.user("anna"), world.user("bela", 7)
    payment = world.pay(anna, paymentAmount=Decimal("0.10"))
    assert world.balance(anna) == 0
    for _ in range(2):
        world.now(alfred.fundings.confirm_payment(anna, payment.id))
    world.fund(anna, "0.20")
    assert (world.balance(anna), world.balance(bela)) == (Decimal("0.30"), 7)


def test_invalid_funding_is_rejected(world, alfred):
    anna, bela = world.user("anna"), world.user("bela")
    theirs = world.funding(bela)
    wrong = {
        "foreign_account": theirs,
        "unknown_account": world.funding(anna, walletAccountId="AAEAAAnone"),
        "unknown_session": world.funding(anna, paymentSessionId="AAEAAAnone"),
        "session_of_another_account": world.funding(anna, paymentSessionId=theirs["paymentSessionId"]),
        "wrong_currency": world.funding(anna, paymentCurrency="USD"),
        "missing_member": world.funding(anna, paymentAmount=None),
        "not_an_object": world.funding(anna, paymentSessionDetailsJson="{}"),
    }
    for name, body in wrong.items():
        assert world.rejected(alfred.fundings.create_payment(anna, body)) == name
    for account, name in [(bela.account_id, "foreign_account"), ("AAEAAAnone", "unknown_account")]:
        body = {"paymentType": "Funding", "walletAccountId": account}
        assert world.rejected(alfred.fundings.open_payment_session(anna, body)) == name
    opening = {"paymentType": "Purchase", "walletAccountId": anna.account_id}
    assert world.rejected(alfred.fundings.open_payment_session(anna, opening)) == "wrong_payment_type"
    payment = world.pay(bela)
    assert world.rejected(alfred.fundings.confirm_payment(anna, payment.id)) == "foreign_payment"
    assert world.rejected(alfred.fundings.confirm_payment(anna, "AAEAAAnone")) == "unknown_payment"
    assert (world.balance(anna), world.balance(bela)) == (0, 0)
