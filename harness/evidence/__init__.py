"""The Allure results of a run: scenarios, steps, exchanges.

It must not decide what a run concludes.
"""
