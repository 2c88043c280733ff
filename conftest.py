"""Wiring only: the plugins, by name. Steps stand here too, or pytest would not show what their assertions compared."""

from harness.plugins import load

PLUGINS = [
    "harness.collection",
    "harness.evidence",
    "harness.session",
    "harness.verdict",
    "harness.walks",
    "steps.users",
    "steps.fundings",
    "steps.purchases",
    "steps.refusals",
    "steps.funding_refusals",
    "steps.expiry",
    "steps.wallets",
    "steps.sales",
    "steps.gifts",
    "steps.failed_sales",
    "steps.undoing",
    "steps.hostile",
    "steps.privacy",
    "steps.races",
    "steps.creation_races",
    "steps.sale_races",
    "steps.walks",
]


def pytest_addhooks(pluginmanager):
    """Load them before the options are read, since some of them bring options."""
    load(pluginmanager, PLUGINS)
