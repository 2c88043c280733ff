"""``python -m proof``."""

import sys

# The fork server and its processes import this module again, under another name.
if __name__ == "__main__":
    from proof.command import main

    sys.exit(main(sys.argv[1:]))
