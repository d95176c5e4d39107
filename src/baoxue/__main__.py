"""`python -m baoxue` is the command `baoxue`."""

import sys

from baoxue.cli import main

if __name__ == "__main__":
    sys.exit(main())
