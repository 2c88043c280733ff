"""``python -m proof``."""

import sys

# The processes of the fork server import this module again, under another name.
if __name__ == "__main__":
    from proof.command import main

    sys.exit(main(sys.argv[1:]))
