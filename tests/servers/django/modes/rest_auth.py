"""dj-rest-auth with the tokens of simplejwt in the body, as apps that keep no cookies set it up."""

from . import simplejwt

APPS = [*simplejwt.APPS, "dj_rest_auth"]


def settings(access_ttl, refresh_ttl):
    return {
        **simplejwt.settings(access_ttl, refresh_ttl),
        "REST_AUTH": {"USE_JWT": True, "JWT_AUTH_HTTPONLY": False, "SESSION_LOGIN": False, "TOKEN_MODEL": None},
    }


def urls():
    from django.urls import include, path

    return [path("auth/", include("dj_rest_auth.urls"))]


revoke_all = simplejwt.revoke_all
