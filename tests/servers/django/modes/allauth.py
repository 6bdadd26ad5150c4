"""django-allauth's headless API for apps, its session known by a token in a header."""

APPS = ["django.contrib.messages", "rest_framework", "allauth", "allauth.account", "allauth.headless"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
AUTHENTICATION = "allauth.headless.contrib.rest_framework.authentication"


def settings(access_ttl, _refresh_ttl):
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_RATE_LIMITS": False,
        "HEADLESS_ONLY": True,
        "HEADLESS_CLIENTS": ["app"],
        "SESSION_COOKIE_AGE": access_ttl,
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": [f"{AUTHENTICATION}.XSessionTokenAuthentication"]},
    }


def urls():
    from django.urls import include, path

    return [path("_allauth/", include("allauth.headless.urls"))]


def revoke_all():
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
