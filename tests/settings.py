"""The settings of the tests: those of the system, in an environment of the tests' own."""

from tests.database import set_environment

set_environment()

from baoxue.platform.settings import *  # noqa: E402, F403

# A slow hash protects passwords of people; here there are none, and many sign-ins.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
