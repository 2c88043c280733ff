"""What is made from the verdict: its files, the summary, JUnit, and the step summary of GitHub Actions.

It must not decide anything.
"""
