"""The same with JSON Web Tokens, which it names otherwise at sign-in than at the refresh."""

from . import allauth

APPS, MIDDLEWARE = allauth.APPS, allauth.MIDDLEWARE


def settings(access_ttl, refresh_ttl):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        **allauth.settings(3600, 0),
        "HEADLESS_TOKEN_STRATEGY": "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy",
        "HEADLESS_JWT_PRIVATE_KEY": key.private_bytes(*form).decode(),
        "HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN": access_ttl,
        "HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN": refresh_ttl,
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": [f"{allauth.AUTHENTICATION}.JWTTokenAuthentication"]},
    }


urls, revoke_all = allauth.urls, allauth.revoke_all
