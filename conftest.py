"""Wiring only: the plugins, by name. Steps stand here too, or pytest would not show what their assertions compared."""

from harness.plugins import load

PLUGINS = [
    "harness.gherkin.collection",
    "harness.evidence.plugin",
    "harness.session",
    "harness.verdict.plugin",
    "harness.walks.walker",
    "steps.alfred.users",
    "steps.alfred.funding",
    "steps.alfred.purchases",
    "steps.alfred.rejections",
    "steps.alfred.funding_rejections",
    "steps.walletapi.expiry",
    "steps.walletapi.wallets",
    "steps.walletapi.sales",
    "steps.walletapi.gifts",
    "steps.walletapi.failed_sales",
    "steps.walletapi.undoing",
    "steps.hostile",
    "steps.privacy",
    "steps.alfred.races",
    "steps.alfred.creation_races",
    "steps.walletapi.races",
    "steps.walks",
]


def pytest_addhooks(pluginmanager):
    """Load them before the options are read, since some of them bring options."""
    load(pluginmanager, PLUGINS)
