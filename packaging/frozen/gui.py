"""Start of the frozen guarddog-gui."""

import os
import sys

from child_environment import restore_environment

restore_environment(os.environ)

from guarddog_gui.app.main import main  # noqa: E402

sys.exit(main())
