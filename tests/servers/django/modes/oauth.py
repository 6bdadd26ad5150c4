"""django-oauth-toolkit: the password grant and the code grant for public clients, with rotation and reuse protection."""

import os

APPS = ["rest_framework", "oauth2_provider"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LOGIN = "<form method=post>{% csrf_token %}{{ form.as_p }}<input type=hidden name=next value='{{ next }}'><button>Log in</button></form>"


def settings(access_ttl, refresh_ttl):
    return {
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": ["oauth2_provider.contrib.rest_framework.OAuth2Authentication"]},
        "OAUTH2_PROVIDER": {
            "ACCESS_TOKEN_EXPIRE_SECONDS": access_ttl,
            "REFRESH_TOKEN_EXPIRE_SECONDS": refresh_ttl,
            "ROTATE_REFRESH_TOKEN": True,
            "REFRESH_TOKEN_REUSE_PROTECTION": True,
            "PKCE_REQUIRED": True,
            "SCOPES": {"read": "read"},
            "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": False,
            "ALLOWED_REDIRECT_URI_SCHEMES": ["http"],
        },
        "LOGIN_URL": "/login/",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"login.html": LOGIN})]},
            }
        ],
    }


def urls():
    from django.contrib.auth.views import LoginView
    from django.urls import include, path
    from oauth2_provider.urls import base_urlpatterns

    return [
        path("o/", include((base_urlpatterns, "oauth2_provider"), namespace="oauth2_provider")),
        path("login/", LoginView.as_view(template_name="login.html")),
    ]


def prepare(user):
    from oauth2_provider.models import Application

    for client_id, grant in [("playground", "password"), ("app", "authorization-code")]:
        Application.objects.create(
            client_id=client_id,
            name=client_id,
            user=user,
            client_type="public",
            authorization_grant_type=grant,
            redirect_uris=os.environ["REDIRECT_URI"],
            client_secret="",
            skip_authorization=True,
        )


def revoke_all():
    from oauth2_provider.models import RefreshToken

    for token in RefreshToken.objects.filter(revoked=None):
        token.revoke()
