"""Django settings, derived from the environment alone (config/env.py). DEBUG is always off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, WASM_UNSAFE_EVAL

from config import logging
from config.databases import databases
from config.env import read_environment
from config.home import open_home
from config.hosts import allowed_hosts
from runs.listening import url_of

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

ENVIRONMENT = read_environment(os.environ)
HOME = open_home(ENVIRONMENT)
CLARY_HOME = HOME.folder
CLARY_REGION = ENVIRONMENT.region

DEBUG = False
SECRET_KEY = HOME.secret_key
ACCESS_KEY_FILE = CLARY_HOME / "access.key"
ALLOWED_HOSTS = allowed_hosts(ENVIRONMENT)
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
HTTPS = (ENVIRONMENT.public_url or "").startswith("https://")
PUBLIC_URL = ENVIRONMENT.public_url or url_of(ENVIRONMENT.host, ENVIRONMENT.port)

INSTALLED_APPS = [
    # `daphne` and `channels` are libraries here: their apps only serve `runserver`, and importing
    # Twisted in every command would double its start-up time and memory.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "drf_spectacular",
    "accounts",
    "editor",
    "registry",
    "runs",
]
MIDDLEWARE = [
    "config.middleware.RequestContextMiddleware",
    "config.proxies.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.static.StudioFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
STREAMED_BODIES = "config.bodies.streamed"
CELERY_APP = "config.celery.app"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES: dict[str, dict[str, Any]] = databases(ENVIRONMENT)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.authentication.SessionBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en"

# --- sessions and cookies; the port keeps two installations on one host apart ---
SESSION_COOKIE_NAME = f"clary_session_{ENVIRONMENT.port}"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url] if ENVIRONMENT.public_url else []
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- headers ---
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
ARTIFACT_ORIGINS = [ENVIRONMENT.artifact_origin] if ENVIRONMENT.artifact_origin else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, WASM_UNSAFE_EVAL],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *ARTIFACT_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF, *ARTIFACT_ORIGINS],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "frame-src": [SELF, *ARTIFACT_ORIGINS],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- static files: what the front end's build leaves in static/studio, served below /static/ ---
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static" / "studio"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"

# --- request limits: a definition may be 16 MiB, and JSON escapes can double it ---
API_BODY_BYTES = 40 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = API_BODY_BYTES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.StudioAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.openapi.ClarySchema",
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Clary",
    "DESCRIPTION": "Draw an ML pipeline, run it, and watch it run. Errors are application/problem+json.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ExecutionStatusEnum": "config.openapi.EXECUTION_STATUSES",
        "StepStatusEnum": "config.openapi.STEP_STATUSES",
        "TableKindEnum": "runs.tables.options.KINDS",
        "TableProfileEnum": "runs.tables.options.PROFILES",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.openapi.describe_errors"],
}

LOGGING = logging.SETTINGS
