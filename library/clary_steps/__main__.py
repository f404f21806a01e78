"""`python -m clary_steps <id>@<version> --option value …`"""

import sys

from clary_steps.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
