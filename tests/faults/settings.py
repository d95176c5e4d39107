"""The system with one slow job more, for processes that are killed."""

from baoxue.platform.settings import *  # noqa: F403
from baoxue.platform.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.slow"]
