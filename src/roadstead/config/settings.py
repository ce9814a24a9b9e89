"""Django's settings, derived from `Options`."""

from roadstead.config import logging
from roadstead.config.databases import database
from roadstead.config.options import Options, unknown_variables
from roadstead.config.places import blobs
from roadstead.runtimes import registry

UNKNOWN_VARIABLES = unknown_variables()
OPTIONS = Options()  # type: ignore[call-arg]  # all of it comes from the environment, the file and the data folder

SECRET_KEY = OPTIONS.secret_key.get_secret_value()
DEBUG = OPTIONS.debug
ALLOWED_HOSTS = OPTIONS.allowed_hosts
ROOT_URLCONF = "roadstead.config.urls"
WSGI_APPLICATION = "roadstead.config.wsgi.application"
LOGGING_CONFIG = None  # `logging.configure` has done it, for ours and Django's alike
logging.configure(form=OPTIONS.log_format, level=OPTIONS.log_level)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROADSTEAD_APPS = [
    "roadstead.core",
    "roadstead.audit",
    "roadstead.blobs",
    "roadstead.accounts",
    "roadstead.jobs",
    "roadstead.vendors",
    "roadstead.packaging",
    "roadstead.catalog",
    "roadstead.runtimes",
    "roadstead.agents",
    "roadstead.clusters",
    "roadstead.reviews",
    "roadstead.store",
    "roadstead.upkeep",
    "roadstead.web",
    "roadstead.api",
]
INSTALLED_APPS = [
    *ROADSTEAD_APPS,  # first, so that our words and templates win over those of allauth and Django
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
]
MIDDLEWARE = [
    "roadstead.core.correlation.CorrelationMiddleware",
    "roadstead.config.logging.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roadstead.config.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "roadstead.web.policy.PolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "roadstead.core.pages.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "roadstead.web.context.frame",
            ],
        },
    },
]

DATABASES = {"default": database(OPTIONS.data_dir, OPTIONS.database_url.get_secret_value())}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": OPTIONS.data_dir / "files"}},
    "blobs": blobs(OPTIONS.data_dir, OPTIONS.s3),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["roadstead.accounts.sign_in.PeopleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "roadstead.accounts.sign_in.SignInAdapter"
ACCOUNT_FORMS = {"login": "roadstead.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # `accounts.sign_in_tries` counts, for all processes together
SESSION_COOKIE_AGE = 7 * 86_400  # from the last sign-in or confirmation on; use doesn't lengthen it
HTTPS = OPTIONS.public_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [OPTIONS.public_url]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LANGUAGE_CODE = OPTIONS.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Providers are no apps of Django: they have no tables.
LOCALE_PATHS = registry.locale_folders()
LANGUAGE_COOKIE_NAME = "roadstead_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = OPTIONS.time_zone

STATIC_URL = "/static/"
# Served from where the build put them, compressed there already: nothing to collect. Vite's names carry a hash of the content.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = OPTIONS.debug
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/(.+/)?[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]

FILE_UPLOAD_HANDLERS = ["roadstead.core.uploads.NoFiles"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # of what is not a file: the largest are values and instructions

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
