"""The errors of the sandbox that a person can fix."""


class UsageError(Exception):
    """A flag, a setting, a port or a database file is wrong. The message says what to do."""


class StartError(Exception):
    """A sandbox that was started as a child process did not come up. The message contains its own output."""
