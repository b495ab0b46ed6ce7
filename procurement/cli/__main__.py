"""``python -m procurement.cli`` is the command ``jicai``."""

import sys

from procurement.cli import main

sys.exit(main())
