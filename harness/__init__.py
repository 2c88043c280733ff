"""What the steps stand on: targets, the wire, the contract, the evidence and the verdict."""

import sys

# httpx brings a command line, which it imports wherever click is installed (uvicorn wants it): 23 ms of every start.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
