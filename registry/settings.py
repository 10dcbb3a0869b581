"""One settings file, read from the environment; what is missing or wrong stops the start with its name."""

import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote, urlparse

import environ
from django.core.exceptions import ImproperlyConfigured

from registry.core.mail_url import mail_backend

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "SECRET_KEY must be set in the environment to at least 32 random characters ('make run' does it for you)."
    )
DATA_DIR = Path(env.str("DAYLIGHT_DATA", default=str(ROOT / "var"))).resolve()
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
_base = urlparse(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured("BASE_URL must be the site's full address, such as https://daylight.example.")
HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_base.hostname, "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]
RATE_LIMIT_SCALE = env.float("RATE_LIMIT_SCALE", default=1.0)
# For how long a page that visitors share is shown again without asking whether it changed.
PREPARED_SECONDS = env.float("PREPARED_SECONDS", default=1.0)
# Whether people may write under a pseudonym everywhere, and not only where a workshop allows it.
PSEUDONYMS = env.bool("PSEUDONYMS", default=False)
# How many proxies in front of the site may be believed about the client's address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "registry",
    "discussions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "registry.core.packing.PackedAnswers",
    "registry.core.prepared.PreparedPages",
    "registry.core.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "registry.core.middleware.RequestGuard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "registry.accounts.middleware.Authentication",
    "registry.accounts.middleware.RefuseSuspended",
    "registry.accounts.middleware.LimitBodies",
    "registry.core.middleware.LimitWrites",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "registry.core.middleware.ActionErrors",
]
ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
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
            "builtins": ["registry.templatetags.daylight"],
        },
    }
]
FORM_RENDERER = "registry.core.forms.DaylightRenderer"

DATABASES = {"default": env.db_url("DATABASE_URL")} if env.str("DATABASE_URL", default="") else None
if DATABASES is None:
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database, such as postgres://user:password@host/daylight "
        "('make run' starts one of its own)."
    )
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://…); nothing else will do.")
_statement_seconds = env.int("STATEMENT_TIMEOUT", default=5)
DATABASES["default"].update(
    ENGINE="registry.core.database",
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
    DISABLE_SERVER_SIDE_CURSORS=True,
)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options",
    f"-c statement_timeout={_statement_seconds * 1000} -c lock_timeout=3000 "
    "-c idle_in_transaction_session_timeout=15000 -c timezone=UTC",
)
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
# How often before `registry.core.statements` keeps one prepared; never where connections are shared between
# transactions by a PgBouncer that does not know of it (before 1.21).
if env.bool("PREPARED_STATEMENTS", default=True):
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all web processes without a further service; a deployment may name Redis or Memcached.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://registry_cache")}
SESSION_ENGINE = "registry.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "registry.core.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Whether browsers are to list the site as one without plain HTTP is for its operator to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# How much all files of one person may take together.
FILE_QUOTA_MB = env.int("FILE_QUOTA_MB", default=4000)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "registry.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_DISPLAY = "registry.accounts.models.display_name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "registry.accounts.signin.JoinForm",
    "login": "registry.accounts.signin.EnterForm",
    "reset_password": "registry.accounts.signin.ForgottenForm",
    "reset_password_from_key": "registry.accounts.signin.NewPasswordForm",
    "change_password": "registry.accounts.signin.OtherPasswordForm",
    "add_email": "registry.accounts.signin.AnotherAddressForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "registry.accounts.forms.SignupForm"
# Anything less would tell, at sign-up, whether an address is known.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Daylight] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    "login": f"{int(60 * RATE_LIMIT_SCALE)}/m/ip",
    "login_failed": f"{int(10 * RATE_LIMIT_SCALE)}/m/ip,{int(5 * RATE_LIMIT_SCALE)}/5m/key",
    "signup": f"{int(20 * RATE_LIMIT_SCALE)}/m/ip",
    "reset_password": f"{int(20 * RATE_LIMIT_SCALE)}/m/ip,{int(5 * RATE_LIMIT_SCALE)}/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Daylight"
# One step of clock drift either way, as RFC 6238 section 5.2 advises at most; a used code is not taken again.
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

# Requests write a mail as a row; a worker hands it to the server named by EMAIL_URL.
EMAIL_BACKEND = "registry.core.mail.OutboxBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Daylight <noreply@{_base.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The domain at which the site takes mail (replies, feedback); empty where it takes none.
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="")
# Where it is taken (`smtp://host:port`), how large one may be, and the server whose word on senders is believed.
MAIL_IN = env.str("MAIL_IN", default="")
MAIL_IN_MB = env.int("MAIL_IN_MB", default=10)
MAIL_AUTHSERV_ID = env.str("MAIL_AUTHSERV_ID", default="")
EMAIL_DELIVERY_BACKEND, EMAIL_DELIVERY_OPTIONS = mail_backend(
    env.str("EMAIL_URL", default="") or f"filemail://{quote(str(DATA_DIR))}/mail"
)
EMAIL_TIMEOUT = 20


def _file_store(url):
    """`file:///path` or `s3://key:secret@endpoint/bucket` as Django's STORAGES entry."""
    parts = urlparse(url)
    if parts.scheme == "file":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": unquote(parts.path)}}
    if parts.scheme == "s3":
        if not (find_spec("storages") and find_spec("boto3")):
            raise ImproperlyConfigured(
                "STORAGE_URL names an S3 store; install what that needs: pip install 'django-storages[s3]'."
            )
        options = {"bucket_name": parts.path.strip("/"), "access_key": unquote(parts.username or "")}
        options |= {"secret_key": unquote(parts.password or ""), "default_acl": None, "file_overwrite": True}
        if parts.hostname:
            options["endpoint_url"] = f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    raise ImproperlyConfigured("STORAGE_URL must be file:///folder or s3://key:secret@endpoint/bucket.")


STORAGES = {
    "default": _file_store(env.str("STORAGE_URL", default=f"file://{DATA_DIR / 'files'}")),
    "staticfiles": {"BACKEND": "registry.core.static_files.StaticFiles"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MANIFEST_STRICT = False
if DEBUG or "pytest" in sys.modules:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")
RUN_SECONDS = env.int("RUN_SECONDS", default=600)
RUN_MEMORY_MB = env.int("RUN_MEMORY_MB", default=4096)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["registry.accounts.tokens.TokenScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["registry.core.parsing.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["registry.core.throttling.BucketThrottle"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "registry.core.openapi.DaylightSchema",
    "EXCEPTION_HANDLER": "registry.core.api.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Daylight",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Release decisions, what was said of them, and the evidence. Reading what is public needs no token.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "ArtefactKindEnum": "registry.releases.vocabulary.ArtefactKind",
        "LinkKindEnum": "registry.releases.vocabulary.LinkKind",
        "EntryEventKindEnum": "registry.releases.vocabulary.EventKind",
        "ChanceEnum": [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        "StageStatusEnum": "registry.releases.vocabulary.StageStatus",
        "FileKindEnum": "registry.core.files.FileKind",
        "SessionKindEnum": "discussions.workshops.models.Session.Kind",
        "EntryStateEnum": ["draft", "published", "withdrawn"],
        "PlanStateEnum": "registry.releases.models.PlannedPublication.State",
        "IntentStateEnum": "registry.intents.models.Intent.State",
        "IntentOutcomeEnum": "registry.intents.models.Intent.Outcome",
        "IntentVerdictEnum": "registry.intents.models.Intent.Verdict",
        "FactStateEnum": "registry.facts.standing.STATES",
        "StatementKindEnum": "registry.facts.models.Statement.Kind",
        "AccessStateEnum": "registry.access.models.AccessRequest.State",
        "ClaimStateEnum": "registry.claims.models.Claim.State",
        "ConcernStateEnum": "discussions.concerns.models.Concern.State",
        "LetterStateEnum": "discussions.letters.models.LabLetter.State",
        "LetterSideEnum": "discussions.letters.models.LabLetter.Side",
        "ProposalStateEnum": "discussions.letters.models.LetterProposal.State",
        "AccessModeEnum": "registry.releases.vocabulary.Mode",
        "WithholdingModeEnum": "registry.clock.models.Mode",
        "ReplicationKindEnum": "registry.replications.models.Kind",
        "VerdictStanceEnum": "registry.replications.models.Verdict.Stance",
        "DeclarationStanceEnum": "registry.norms.models.Declaration.Stance",
        "ReplicationStateEnum": "registry.replications.models.Replication.State",
        "RunStatusEnum": "registry.analyses.models.Run.Status",
        "NormStatusEnum": "registry.norms.models.NormVersion.Status",
        "ExportFormatEnum": "registry.exchange.serializers.EXPORTED",
        "ImportFormatEnum": "registry.exchange.serializers.READABLE",
        "FindingSeverityEnum": ["info", "notice", "warning", "problem"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registry.core.openapi.add_problems",
    ],
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "registry.core.logs.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}, "django.request": {"level": "ERROR"}},
}
