"""``python -m tests.environment.skewed_sandbox SECONDS FLAGS``: a sandbox whose clock is wrong by so many seconds."""

import sys
from datetime import timedelta

from sandbox import command
from sandbox.application import Parts
from sandbox.ledger.timestamps import now

if __name__ == "__main__":
    _skew = timedelta(seconds=float(sys.argv[1]))
    _chosen = command.arguments().parse_args(sys.argv[2:])
    command.run(_chosen, Parts(clock=lambda: now() + _skew))
