"""simplejwt as its documentation sets it up, with rotation and the blacklist."""

from datetime import timedelta

APPS = ["rest_framework", "rest_framework_simplejwt", "rest_framework_simplejwt.token_blacklist"]
# What a request is in the terms of OAuth, so that tests read the logs of all servers alike.
GRANTS = {"/api/token/": "password", "/api/token/refresh/": "refresh_token"}


def settings(access_ttl, refresh_ttl):
    return {
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"]},
        "SIMPLE_JWT": {
            "ACCESS_TOKEN_LIFETIME": timedelta(seconds=access_ttl),
            "REFRESH_TOKEN_LIFETIME": timedelta(seconds=refresh_ttl),
            "ROTATE_REFRESH_TOKENS": True,
            "BLACKLIST_AFTER_ROTATION": True,
            "LEEWAY": 0,
        },
    }


def urls():
    from django.urls import path
    from rest_framework_simplejwt.views import TokenBlacklistView, TokenObtainPairView, TokenRefreshView

    return [
        path("api/token/", TokenObtainPairView.as_view()),
        path("api/token/refresh/", TokenRefreshView.as_view()),
        path("api/token/blacklist/", TokenBlacklistView.as_view()),
    ]


def revoke_all():
    from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

    for token in OutstandingToken.objects.filter(blacklistedtoken=None):
        BlacklistedToken.objects.create(token=token)
