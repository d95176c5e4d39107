"""Django's settings, from the environment (INTERFACES, section 5). Nothing here is secret by default.

`BAOXUE_MODE` is `production` unless a command of ours says otherwise (`demo`, `test`): who forgets to set it gets the
strict one. What is missing is said by `platform.checks`, in plain words, before anything starts.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import SELF

MODE = os.environ.get("BAOXUE_MODE", "production")
DEMO = MODE == "demo"

DATA_DIR = Path(os.environ.get("BAOXUE_DATA_DIR", "baoxue-data")).absolute()
BAOXUE_KEYFILE = os.environ.get("BAOXUE_KEYFILE", str(DATA_DIR / "keys.json"))
SECRET_KEY = os.environ.get("BAOXUE_SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("BAOXUE_ALLOWED_HOSTS", "").split(",") if host]
# Proxies whose word about a sender's address counts; the web server goes by the same variable for https.
TRUSTED_PROXIES = frozenset(os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1").split(","))
# Lets a monitoring system on another machine read /metrics; without it only this machine can.
METRICS_TOKEN = os.environ.get("BAOXUE_METRICS_TOKEN", "")
DEBUG = False
# `platform.logs` sets logging up, for the commands that want it.
LOGGING_CONFIG = None


def database(url: str) -> dict[str, object]:
    """Django's settings of a database from its address; what follows `?` (e.g. `sslmode`) goes to the driver."""
    parts = urlsplit(url)
    return {
        "ENGINE": "baoxue.platform.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": True,
        # A pool hands connections on; scopes are local to a transaction, so none is handed on with them.
        "CONN_MAX_AGE": 0,
        # After a restart of the database the pool holds dead connections: each is tried before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}, **dict(parse_qsl(parts.query))},
        "TEST": {"NAME": unquote(parts.path.lstrip("/"))},
    }


# The application role, which owns nothing. Migrations run under the owner's address, which a command sets for itself.
DATABASES = {"default": database(os.environ.get("BAOXUE_DATABASE_URL", "postgresql://baoxue_app@127.0.0.1:1/baoxue"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "baoxue.platform",
    "baoxue.audit",
    "baoxue.jurisdictions",
    "baoxue.access",
    "baoxue.operation",
    "baoxue.notifications",
    "baoxue.registers",
    "baoxue.comparison",
    "baoxue.children",
    "baoxue.cases",
    "baoxue.web",
    "baoxue.api",
]

MIDDLEWARE = [
    "baoxue.platform.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "baoxue.access.middleware.ActingMiddleware",
    "baoxue.web.middleware.PlainTextMiddleware",
    "baoxue.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "baoxue.web.urls"
WSGI_APPLICATION = "baoxue.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "baoxue.web.shell.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "access.Account"
# Passwords of a demonstration are random and guard invented people: no need to wait for them.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    if MODE == "production"
    else "baoxue.platform.hashers.QuickHasher"
]

# The bureau's own directory (OpenID Connect); without an issuer there is none.
BAOXUE_OIDC = {
    "issuer": os.environ.get("BAOXUE_OIDC_ISSUER", ""),
    "client_id": os.environ.get("BAOXUE_OIDC_CLIENT_ID", ""),
    "client_secret": os.environ.get("BAOXUE_OIDC_CLIENT_SECRET", ""),
    "name": os.environ.get("BAOXUE_OIDC_NAME", "统一身份认证"),
}

# Word of notices outside: the address of this system as people open it, and the bureau's own mail server. Without a host
# no mail is sent.
PUBLIC_URL = os.environ.get("BAOXUE_PUBLIC_URL", "").rstrip("/")
EMAIL_HOST = os.environ.get("BAOXUE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("BAOXUE_SMTP_PORT") or "587")
EMAIL_HOST_USER = os.environ.get("BAOXUE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BAOXUE_SMTP_PASSWORD", "")
# `ssl` from the start, `none` within a closed network; whatever else is written there means STARTTLS.
EMAIL_USE_SSL = os.environ.get("BAOXUE_SMTP_SECURITY") == "ssl"
EMAIL_USE_TLS = os.environ.get("BAOXUE_SMTP_SECURITY") not in ("ssl", "none")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("BAOXUE_SMTP_FROM", "") or EMAIL_HOST_USER

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = os.environ.get("BAOXUE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
# Files are served from where they are installed; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_NAME = "baoxue_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = MODE == "production"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SECURE = MODE == "production"
CSRF_COOKIE_NAME = "baoxue_csrf"
CSRF_FAILURE_VIEW = "baoxue.web.pages.expired_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if MODE == "production" else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

# Registers come as files of up to some hundred megabytes; they go to disk, not to memory.
FILE_UPLOAD_HANDLERS = ["baoxue.platform.uploads.PrivateUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
