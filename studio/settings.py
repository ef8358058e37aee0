"""Every setting, defaulted: a clone runs with none of them set. Names and meaning stand in `.env.example`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from studio.lib import env

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
if TESTING:  # here, because settings are read before any conftest: a folder of their own, nothing from outside
    os.environ["STUDIO_DATA"] = tempfile.mkdtemp(prefix="studio-tests-")
    for _name in (
        "PORT",
        "STUDIO_PUBLIC_URL",
        "STUDIO_DEBUG",
        "STUDIO_HOSTS",
        "STUDIO_SECRET_KEY",
        "STUDIO_MEDIA",
        "EMAIL_HOST",
    ):
        os.environ.pop(_name, None)
DATA = Path(env.text("STUDIO_DATA", str(BASE_DIR / "var"))).expanduser().resolve()
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)

# Where the studio is reached. Cookies, redirects and links follow from its scheme.
PORT = env.number("PORT", 8000)
PUBLIC_URL = env.text("STUDIO_PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
PUBLIC = bool(env.text("STUDIO_PUBLIC_URL"))  # somebody said where: services may be told to come here
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"
DEBUG = env.flag("STUDIO_DEBUG", False)
ALLOWED_HOSTS = [host for host in env.text("STUDIO_HOSTS").split(",") if host] or [
    _public.hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Keys are made on the first start; nothing in the code is a secret.
SECRET_KEY = env.text("STUDIO_SECRET_KEY") or env.key_file(DATA / "keys" / "django.key")
ENCRYPTION_KEYS = (
    env.text("STUDIO_ENCRYPTION_KEYS")
    or env.key_file(DATA / "keys" / "encryption.key", lambda: Fernet.generate_key().decode())
).split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "studio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "studio.views.middleware.SharedOrigin",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studio.views.middleware.StudioMiddleware",
]

ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "studio.views.context.studio",
            ],
            "builtins": ["studio.templatetags.studio_tags"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
        },
    }
]

# SQLite: WAL with FULL, so that a committed spend survives power loss; IMMEDIATE, so that two writers queue instead of failing.
DATABASE_URL = env.text("DATABASE_URL")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
    # Behind a pooler a connection is another one after each transaction: no startup options, no cursors of the server's.
    POOLED = env.flag("DATABASE_POOLED", False)
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = POOLED
    if not POOLED:
        # A machine that stands still in the middle of a transaction holds its rows against all others no longer than its work.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
            "options", f"-c idle_in_transaction_session_timeout={env.number('STUDIO_LEASE', 60) * 1000}"
        )
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "studio.sqlite3"),
            "CONN_MAX_AGE": 60,  # opening costs a dozen queries
            "TEST": {"NAME": str(DATA / "test.sqlite3")},  # a file: threads of a test must meet at real locks
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    }
}

AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ("email", "name")}
if TESTING:  # a slow hash is the point of the real ones, and a fifth of a second for each person of a test
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_ADAPTER = "studio.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {  # per address it came from (IPv6: its /64), and per e-mail; counted in the database (accounts.limits)
    "login": "30/m/ip",
    "login_failed": "19/m/ip,5/10m/key",
    "request_login_code": "19/m/ip,3/m/key",
    "wrong_link": "19/m/ip",  # one-time links, invitations, the way out of letters
    "wrong_service": "19/m/ip",  # addresses and bells of picture services
    "passkey": "19/m/ip",
    "second_step": "19/m/ip,5/10m/key",
    "change_password": "5/m/user",
    "signup": "20/m/ip",
    "wrong_review_link": "19/5m/ip",
    "review_password": "19/10m/ip,100/h/key",
    "guest_name": "19/10m/ip",
    "guest_note": "300/h/ip,600/h/key",  # a link that got into the wrong hands fills no board
}
MFA_ADAPTER = "studio.accounts.mfa.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of half a minute that a phone's clock may be off
MFA_FORMS = {
    "authenticate": "studio.forms.second_step.CodeForm",
    "authenticate_webauthn": "studio.forms.second_step.PasskeyStepForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("STUDIO_PROXY_COUNT", 0)

# Mail: printed to the console until a server is named.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 30
EMAIL_USE_SSL = EMAIL_PORT == 465 and env.flag("EMAIL_TLS", True)  # safe from the first byte; other ports by STARTTLS
EMAIL_USE_TLS = not EMAIL_USE_SSL and env.flag("EMAIL_TLS", True)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "a studio <studio@localhost>")

SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "studio_session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "studio_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "studio.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # numbers and validated colours only: --share, --x, --y, --colour
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Uploads: one file a request; the body limit is the file's 25 MB plus its envelope.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = DATA / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True, mode=0o700)

MEDIA_ROOT = Path(env.text("STUDIO_MEDIA", str(DATA / "media"))).expanduser().resolve()  # one for all machines
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = env.text("STUDIO_TIME_ZONE", "UTC")

# The audit log as lines of JSON: a file, or "-" for where the other lines go.
AUDIT_LOG = env.text("STUDIO_AUDIT_LOG", str(DATA / "audit.log"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {  # limits says once a window that somebody guesses; a line for each guess would fill the disk
        "no_guesses": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda line: getattr(line, "status_code", None) != 429,
        }
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "bare": {"format": "%(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "audit": {"class": "logging.StreamHandler", "formatter": "bare"}
        if AUDIT_LOG == "-"
        else {"class": "studio.lib.audit_file.AuditFile", "filename": AUDIT_LOG, "formatter": "bare"},
    },
    "root": {"handlers": ["console"], "level": env.text("STUDIO_LOG", "WARNING")},
    "loggers": {
        "studio": {"level": env.text("STUDIO_LOG", "INFO")},
        "django.request": {"filters": ["no_guesses"]},
        "studio.audit": {"level": "INFO", "handlers": ["audit"], "propagate": False},
    },
}

# The studio's own.
UPLOAD_BYTES = 25 * 1024 * 1024
INVITATION_DAYS = 7
SIGN_IN_LINK_MINUTES = 30
UNDO_SECONDS = 10
EXPORT_DAYS = 7
HOOK_HOSTS = tuple(filter(None, env.text("STUDIO_HOOK_HOSTS").split(",")))  # host or host:port inside one's own network
