"""Luuppi's one settings file. Every setting of an installation is an environment variable, read here once (docs/settings.md)."""

from pathlib import Path

from environs import Env

from luuppi.running import keys

env = Env()
ROOT = Path(__file__).resolve().parent

# --- What an installation sets --------------------------------------------------------------------------------------------------

HOME = Path(env.str("LUUPPI_HOME", "./var")).resolve()
DATABASE_URL = env.str("LUUPPI_DATABASE_URL", "")
ANALYTICS_URL = env.str("LUUPPI_ANALYTICS_URL", "")
ANALYTICS_TOKEN = env.str("LUUPPI_ANALYTICS_TOKEN", "")
SECRET_KEY_FILE = Path(env.str("LUUPPI_SECRET_KEY_FILE", "") or HOME / "secret-key")
BASE_URL = env.str("LUUPPI_BASE_URL", "http://localhost:8000").rstrip("/")
MAIL_URL = env.str("LUUPPI_MAIL_URL", "file:")
TRUSTED_PROXIES = env.int("LUUPPI_TRUSTED_PROXIES", 0)
METRICS_TOKEN = env.str("LUUPPI_METRICS_TOKEN", "")
DEBUG = env.bool("LUUPPI_DEBUG", False)

# --- What follows from it -------------------------------------------------------------------------------------------------------

SECRET_KEY = keys.Keyring(SECRET_KEY_FILE).derive("django")
ALLOWED_HOSTS = ["*"]  # links are built from BASE_URL alone, so a forged Host header reaches nothing
USE_TZ = True
TIME_ZONE = "UTC"
USE_X_FORWARDED_HOST = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "luuppi.ui",
    "luuppi.running",
    "luuppi.people",
    "luuppi.journal",
    "luuppi.capture",
    "luuppi.meaning",
    "luuppi.insight",
    "luuppi.delivery",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "luuppi.inner_loop",
    "luuppi.outer_loop",
    "luuppi.telling",
    "luuppi.journey",
    "luuppi.demo",
    "luuppi.api",
    "luuppi",
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # a customer's page with its styles stays under 20 kB
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luuppi.people.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luuppi.people.web.membership.MembershipMiddleware",
    "luuppi.api.idempotency.IdempotencyMiddleware",
    "luuppi.running.patience.PatienceMiddleware",  # around the page alone: a session is kept, however long that takes, once the page has done its act
    "luuppi.errors.RefusalMiddleware",
]

ROOT_URLCONF = "luuppi.urls"
WSGI_APPLICATION = "luuppi.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _database() -> dict:
    if DATABASE_URL:
        from dj_database_url import parse

        return parse(DATABASE_URL) | {"OPTIONS": {"pool": {"min_size": 1, "max_size": 40, "timeout": 10}}}
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ENGINE": "luuppi.running.sqlite",
        "NAME": HOME / "luuppi.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            " PRAGMA wal_autocheckpoint=4000;",
        },
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": ":memory:"},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Languages ------------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
FORMAT_MODULE_PATH = ["luuppi.formats"]
LOCALE_PATHS = [str(Path(__file__).parent / "locale")]  # before the libraries: what of theirs is missing, wrong or stiff is said here

# --- Sign-in --------------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES  # whose word in X-Forwarded-For is believed when attempts are counted by address
ACCOUNT_ADAPTER = "luuppi.people.web.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation: the link in the mail verified the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "luuppi.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("http") else []

# --- What leaves the house, and what a page may load ----------------------------------------------------------------------------

EMAIL_BACKEND = "luuppi.delivery.backends.MailUrlBackend"
DEFAULT_FROM_EMAIL = env.str("LUUPPI_MAIL_FROM", "luuppi@localhost")
OUTBOX = HOME / "outbox"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FORM_RENDERER = "luuppi.ui.forms.PageRenderer"
FILE_UPLOAD_HANDLERS = ["luuppi.capture.web.uploading.NoFiles"]
FILE_UPLOAD_TEMP_DIR = HOME / "uploads" if (HOME / "uploads").is_dir() else None

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "luuppi.running.logs.WithoutSecrets", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LUUPPI_LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # TLS ends at the proxy in front
