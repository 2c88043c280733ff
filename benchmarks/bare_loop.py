"""The same four requests without a suite: sent by httpx, decoded with exact decimals, and validated by the schemas."""

import sys
import time

import httpx
import simplejson

from harness.contract.contract import Contract, load_contract

WARM_UP = 20


def purchase(client: httpx.Client, contract: Contract) -> None:
    """A user, a purchase, a session and its confirmation."""

    def call(operation: str, path: str, key: str, body: dict[str, object]) -> dict[str, str]:
        received = client.post(path, headers={"API-KEY": key}, json=body)
        response = simplejson.loads(received.content, use_decimal=True)
        if received.status_code != httpx.codes.OK or contract.response_findings(operation, response):
            raise RuntimeError(f"{operation} was not answered as documented")
        return response

    user = call(
        "authenticateWallet", "/v2/alfred/platform/platform-1/walletauthentication", "p", {"externalReferenceId": "u"}
    )
    bought = call(
        "createPurchase",
        "/v2/alfred/purchase",
        "s",
        {"amount": 50, "currency": "BDT", "customType": "x", "description": "x", "shopConfigurationId": "shop-1"},
    )
    session = call(
        "openPurchaseSession",
        f"/v2/alfred/purchase/{bought['id']}/session",
        "s",
        {"countryCode": "BD", "walletId": user["walletId"]},
    )
    paid_by = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session["paymentInstrumentId"]}
    confirmation = {
        "paymentSessionDetails": paid_by,
        "paymentSessionId": session["paymentSessionId"],
        "walletId": user["walletId"],
    }
    call("confirmPurchase", f"/v2/alfred/purchase/{bought['id']}:confirm", "s", confirmation)


def main(base_url: str, times: int) -> None:
    """Print the seconds that one purchase takes."""
    contract = load_contract()
    with httpx.Client(base_url=base_url, trust_env=False) as client:
        for _ in range(WARM_UP):
            purchase(client, contract)
        started = time.perf_counter()
        for _ in range(times):
            purchase(client, contract)
        print((time.perf_counter() - started) / times)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
