"""Start of the frozen guarddogctl."""

import os
import sys

from child_environment import restore_environment

restore_environment(os.environ)

from guarddog_gui.__main__ import ctl  # noqa: E402

sys.exit(ctl())
