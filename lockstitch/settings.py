"""All settings, from the environment only; nonsense stops the start."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name, default)
    if value not in options:
        raise SystemExit(f"{name} must be one of {', '.join(options)}, not {value!r}")
    return value


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit():
        raise SystemExit(f"{name} must be a number, not {value!r}")
    return int(value)


def key_from_file(name: str) -> str:
    """The signing key, or one for this process only: no key is ever written here."""
    path = os.environ.get(name)
    if not path:
        return secrets.token_urlsafe(48)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SystemExit(f"{name}: {error}") from None


def database(url: str) -> dict[str, object]:
    """Django's settings of `postgresql://role@host/name?host=…&passfile=…`."""
    parts = urlsplit(url)
    if parts.scheme != "postgresql":
        raise SystemExit("LOCKSTITCH_DATABASE_URL must begin with postgresql://")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "application_name": f"lockstitch-{SURFACE}",
            "options": "-c lock_timeout=4s -c statement_timeout=30s",
        },
    }


SURFACE = choice("SURFACE", ("shop", "desk", "worker", "cli"), "cli")
CONSOLE_HOST = os.environ.get("LOCKSTITCH_CONSOLE_HOST", "console.localhost")
DEMO = os.environ.get("LOCKSTITCH_DEMO") == "1"
DATA = Path(os.environ.get("LOCKSTITCH_DATA", ROOT / "data"))
PORT = number("LOCKSTITCH_PORT", 8000)
DESK_PORT = number("LOCKSTITCH_DESK_PORT", PORT + 1)
GUARD_SOCKET = Path(os.environ.get("LOCKSTITCH_GUARD_SOCKET", DATA / "run" / "guard.sock"))
CLAMD = os.environ.get("LOCKSTITCH_CLAMD", "")  # the path of its socket, or host:port
VIDEO_ORIGINS = os.environ.get("LOCKSTITCH_VIDEO_ORIGINS", "").split()  # pages may play theirs
SECURE = os.environ.get("LOCKSTITCH_TLS") == "1"
EDGE = os.environ.get("LOCKSTITCH_EDGE", "").split()  # whose X-Forwarded-For is believed

DEBUG = False
SECRET_KEY = key_from_file("LOCKSTITCH_KEY_FILE")
ALLOWED_HOSTS = ["*"]  # tenancy.middleware knows every host and answers 404 to the rest
ROOT_URLCONF = f"lockstitch.urls.{'desk' if SURFACE == 'desk' else 'shop'}"
WSGI_APPLICATION = "lockstitch.wsgi.application"
DATABASES = {
    "default": database(
        os.environ.get("LOCKSTITCH_DATABASE_URL", "postgresql://ls_owner@/lockstitch")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MODULES = [
    "tenancy", "jobs", "sealed", "access", "files", "catalogue", "search", "pricing", "inventory",
    "members", "content", "coordinates", "sets", "mailing", "orders", "payments", "fulfilment",
    "returns", "feedback", "checkout", "crm", "wishes", "accounting", "feeds",
]  # fmt: skip
DOORS = ["desk"] if SURFACE == "desk" else ["storefront", "console"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",  # procrastinate asks for nothing else of Django's
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"lockstitch.{name}" for name in MODULES),
    "lockstitch.looks",
    *(f"lockstitch.{name}" for name in DOORS),
]

MIDDLEWARE = [
    "lockstitch.looks.doors.door",
    "django.middleware.security.SecurityMiddleware",
    "lockstitch.kernel.middleware.headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lockstitch.tenancy.middleware.resolve_host",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lockstitch.looks.middleware.carried_language",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lockstitch.looks.doors.RouteMethods",
    "lockstitch.looks.origin.CsrfOrOrigin",
]
if (
    SURFACE == "desk"
):  # its cookies carry the guard's own tokens; nothing of them is kept in a table
    MIDDLEWARE.remove("django.contrib.sessions.middleware.SessionMiddleware")
else:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.common.CommonMiddleware"),
        "lockstitch.looks.opening.in_preparation",
    )

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "lockstitch.looks.context.site",
            ],
            "builtins": ["lockstitch.looks.templatetags.looks"],
        },
    }
]

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "lockstitch" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# The desk serves its own copy of every file: the shop's process cannot change what it shows.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static" / SURFACE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_INDEX_FILE = False

# Cookies are host-only; with TLS the __Host- prefix makes the browser hold us to it.
PREFIX = "__Host-" if SECURE else ""
LANGUAGE_COOKIE_NAME = f"{PREFIX}language"
SESSION_COOKIE_NAME = f"{PREFIX}{SURFACE}-session"
CSRF_COOKIE_NAME = f"{PREFIX}{SURFACE}-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_FAILURE_VIEW = "lockstitch.looks.errors.csrf_failure"

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.NONCE, CSP.STRICT_DYNAMIC],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF, *(VIDEO_ORIGINS if SURFACE == "shop" else ())],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["htmx", "default"],
    # Not report-to: browsers that know it gather reports for up to a minute, and ignore this one.
    "report-uri": ["/reports/"],
}  # form-action is set a page at a time: hand-overs between shop and desk are redirects of forms

# Shop and desk may write no file, not even a temporary one; looks.doors has counted the bytes.
FILE_UPLOAD_HANDLERS = ["lockstitch.kernel.uploads.InMemory"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a grid of a thousand SKUs; the bytes stay few
DATA_UPLOAD_MAX_NUMBER_FILES = 100

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {"bare": {"()": "lockstitch.kernel.logs.WithoutRequest"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["bare"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
