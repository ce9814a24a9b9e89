"""Roadstead from a checkout, without make: `python3 run.py` starts it, `python3 run.py help` lists what else there is."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Roadstead needs Python 3.11 or newer; this is Python %d.%d. Try: python3.11 run.py" % sys.version_info[:2])

from scripts.house import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
