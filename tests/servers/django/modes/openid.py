"""django-oauth-toolkit as an OpenID provider, as its documentation sets it up, with its own page for consent."""

import os

from . import oauth

APPS = oauth.APPS
MIDDLEWARE = oauth.MIDDLEWARE


def settings(access_ttl, refresh_ttl):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    form = [serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()]
    own = oauth.settings(access_ttl, refresh_ttl)
    own["OAUTH2_PROVIDER"] |= {
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(*form).decode(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "SCOPES": {"openid": "OpenID Connect", "offline_access": "Stay signed in"},
    }
    loaders = own["TEMPLATES"][0]["OPTIONS"]["loaders"]
    loaders.append("django.template.loaders.app_directories.Loader")
    return own | {"STATIC_URL": "/static/"}


def urls():
    from django.urls import include, path

    return [*oauth.urls()[1:], path("o/", include("oauth2_provider.urls"))]


def prepare(user):
    from oauth2_provider.models import Application

    Application.objects.create(
        client_id="app",
        name="The app",
        user=user,
        client_type="public",
        authorization_grant_type="authorization-code",
        redirect_uris=os.environ["REDIRECT_URI"],
        post_logout_redirect_uris=os.environ["REDIRECT_URI"],
        algorithm="RS256",
    )


revoke_all = oauth.revoke_all
