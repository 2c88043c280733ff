"""``python -m sandbox``."""

import sys

from sandbox.command import main

sys.exit(main(sys.argv[1:]))
