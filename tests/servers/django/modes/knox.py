"""django-rest-knox: HTTP Basic once, then an opaque token behind the word Token; nothing renews it."""

from datetime import timedelta

APPS = ["rest_framework", "knox"]


def settings(access_ttl, _refresh_ttl):
    return {
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"]},
        "REST_KNOX": {"TOKEN_TTL": timedelta(seconds=access_ttl)},
    }


def urls():
    from django.urls import path
    from knox import views
    from rest_framework.authentication import BasicAuthentication

    class Login(views.LoginView):
        authentication_classes = [BasicAuthentication]

    return [path("auth/login/", Login.as_view()), path("auth/logout/", views.LogoutView.as_view())]


def revoke_all():
    from knox.models import AuthToken

    AuthToken.objects.all().delete()
