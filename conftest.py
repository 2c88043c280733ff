"""Wiring only: the plugins, by name. Steps stand here too, or pytest would not show what their assertions compared."""

pytest_plugins = [
    "harness.collection",
    "harness.evidence",
    "harness.session",
    "harness.verdict",
    "steps.users",
    "steps.fundings",
    "steps.purchases",
    "steps.refusals",
    "steps.funding_refusals",
    "steps.wallets",
    "steps.sales",
    "steps.gifts",
    "steps.failed_sales",
    "steps.undoing",
]
