"""One module, read from top to bottom as a deployer asks. The environment is read in env.py, and nowhere else."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from brst_site import env
from brst_site.database import databases
from brst_site.release import release_of, released_at

BASE_DIR = Path(__file__).resolve().parent.parent
environment = env.read()

# Where and for whom
DEBUG = environment.debug
SECRET_KEY = environment.secret_key
SITE_URL = environment.site_url
ALLOWED_HOSTS = list(environment.allowed_hosts)
METRICS_TOKEN = environment.metrics_token
DATABASES = databases(environment)
ROOT_URLCONF = "brst_site.urls"
WSGI_APPLICATION = "brst_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "content",
    "conference",
    "cooperation",
    "brst_site",
]

MIDDLEWARE = [
    # Health is asked by machines that know neither a host name nor https.
    "brst_site.middleware.HealthMiddleware",
    "brst_site.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Files of our own, compressed already; none is a page that would need a policy.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "brst_site.middleware.FramingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    *(["brst_site.digits.ArabicDigitsMiddleware"] if environment.arabic_digits == "arabic-indic" else []),
    "brst_site.middleware.SnapshotMiddleware",
    "brst_site.middleware.StrictParametersMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "content.context.portal",
            ],
        },
    },
]

# In every ETag, so that a new release is never taken for what an old one sent
RELEASE = release_of(BASE_DIR, environment.arabic_digits)
RELEASED_AT = released_at(BASE_DIR)

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "zh-hans", "fr", "es", "ru", "ar")
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# How long a record counts as fresh after a person has compared it with its sources
STALE_AFTER_DAYS = environment.stale_after_days

# Files
STATIC_URL = "/static/"
STATIC_ROOT = environment.data_dir / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = environment.data_dir / "media"
# Fonts unpacked for printing, finished booklets and pictures of pages: made again when they are gone
PRINT_ROOT = environment.data_dir / "print"
# Copies of sources, for staff: outside MEDIA_ROOT, so that no mistake of a proxy can publish them
ARCHIVE_ROOT = environment.data_dir / "archive"
ARCHIVE_LARGEST = 200 * 1024 * 1024
# Releases of the data (manage.py snapshot): to be kept, and backed up, as the media are
SNAPSHOTS_ROOT = environment.data_dir / "snapshots"
# Files that staff have uploaded to import, until they have confirmed it
IMPORTS_ROOT = environment.data_dir / "imports"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safety: https in SITE_URL turns on what only https allows
HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A delegation's form has twenty fields for each member: texts in six languages.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The API
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"list": "3000/min", "detail": "3000/min", "export": "1200/min"},
    "EXCEPTION_HANDLER": "content.problems.handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal API",
    "DESCRIPTION": "Everything that the portal publishes, by the same queries as its pages.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # With `fields` an answer has the keys that were asked for alone.
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    # What needs the database is added when the description is asked for (content/views/documented.py).
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
}

# Logs: one JSON object a line, with the request's id and nothing about a person
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "brst_site.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
