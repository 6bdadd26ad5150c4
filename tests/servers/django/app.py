"""A Django project in one process, with what one of the files of `modes` makes of it.

    python app.py PORT        (0: a free one; prints "READY <url>")

Environment: MODE ("simplejwt" unless given: two in one process would read each other's tokens), DATA_DIR (for the database),
ACCESS_TTL and REFRESH_TTL in seconds, ORIGINS ("*" or a comma-separated list), USER_EMAIL and USER_PASSWORD, REDIRECT_URI.
The server ends when its standard input closes, which happens when its parent is gone. The endpoints under /__control/ are
the same as the embedded server's, as far as Django can do them.
"""

import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path

from django.conf import settings

mode = importlib.import_module("modes." + os.environ.get("MODE", "simplejwt"))
own = mode.settings(int(os.environ.get("ACCESS_TTL", "60")), int(os.environ.get("REFRESH_TTL", "3600")))
own["REST_FRAMEWORK"]["DEFAULT_RENDERER_CLASSES"] = ["rest_framework.renderers.JSONRenderer"]
ORIGINS = os.environ.get("ORIGINS", "*")

settings.configure(
    DEBUG=False,
    SECRET_KEY="test servers keep no secrets, and this one is long enough",
    ROOT_URLCONF="app",
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "corsheaders",
        *mode.APPS,
    ],
    MIDDLEWARE=[
        "corsheaders.middleware.CorsMiddleware",
        "app.control",
        "django.middleware.common.CommonMiddleware",
        *getattr(mode, "MIDDLEWARE", []),
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(os.environ["DATA_DIR"]) / "db.sqlite3"),
            # With Django's own deferred transactions two requests at once could both use one refresh token.
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            "ATOMIC_REQUESTS": True,
        }
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    CORS_ALLOW_ALL_ORIGINS=ORIGINS == "*",
    CORS_ALLOWED_ORIGINS=[] if ORIGINS == "*" else ORIGINS.split(","),
    CORS_EXPOSE_HEADERS=["Retry-After", "WWW-Authenticate"],
    # Only what this server did wrong goes to stderr: a refused request, or a 503 that a test asked for, is no news.
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"raised": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: record.exc_info}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "level": "ERROR", "filters": ["raised"]}},
        "loggers": {"django.request": {"handlers": ["stderr"], "propagate": False}},
    },
    **own,
)

import django  # noqa: E402

django.setup()
sys.modules["app"] = sys.modules["__main__"]  # so that ROOT_URLCONF finds this file when it is run as a script

from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.permissions import IsAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Me(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"id": request.user.id, "email": request.user.get_username()})


urlpatterns = [path("api/me/", Me.as_view()), *mode.urls()]
GRANTS = getattr(mode, "GRANTS", {})

lock = threading.Lock()
log = []
faults = []


def control(get_response):
    """Middleware: the request log, the faults, and the endpoints that read and set them."""

    def handle(request):
        if request.path.startswith("/__control/"):
            return command(request)
        entry = {"at": round(time.time() * 1000), "method": request.method, "path": request.path, "status": None}
        if request.path in GRANTS:
            entry["grant"] = GRANTS[request.path]
        with lock:
            log.append(entry)
            fault = take_fault(entry)
        response = answer_of(fault) if fault else get_response(request)
        entry["status"] = response.status_code
        return response

    return handle


def take_fault(entry):
    for fault in faults:
        wanted = {key: fault[key] for key in ("method", "grant") if key in fault}
        if fault["left"] > 0 and fault["path"] in (entry["path"], "*") and wanted.items() <= entry.items():
            fault["left"] -= 1
            return fault
    return None


def answer_of(fault):
    body = fault.get("body", {"error": "temporarily_unavailable"})
    is_text = isinstance(body, str)
    content_type = "text/html" if is_text else "application/json"
    content = body if is_text else json.dumps(body)
    response = HttpResponse(content, status=fault.get("status", 503), content_type=content_type)
    for name, value in fault.get("headers", {}).items():
        response[name] = value
    return response


def command(request):
    data = json.loads(request.body or "{}")
    match request.method, request.path.removeprefix("/__control/"):
        case "GET", "log":
            with lock:
                return JsonResponse(log, safe=False)
        case "POST", "reset":
            with lock:
                log.clear()
                faults.clear()
        case "POST", "fail":
            if data.get("mode", "status") != "status":
                return JsonResponse({"error": "Django can only fail with a status"}, status=400)
            times = data.get("times", 1)
            with lock:
                faults.append({**data, "left": float("inf") if times is None else times})
        case "POST", "revoke-all":
            mode.revoke_all()
        case method, name:
            return JsonResponse({"error": f"No control at {method} {name}."}, status=404)
    return JsonResponse({})


def prepare_database():
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    email = os.environ["USER_EMAIL"]
    user = User.objects.create_user(username=email, email=email, password=os.environ["USER_PASSWORD"])
    getattr(mode, "prepare", lambda _user: None)(user)


def end_with_parent():
    while os.read(0, 4096):
        pass
    os._exit(0)


def serve(port):
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from django.core.wsgi import get_wsgi_application

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Handler(WSGIRequestHandler):
        def log_message(self, *_args):
            pass

    try:
        server = make_server("127.0.0.1", port, get_wsgi_application(), Server, Handler)
    except OSError as error:
        sys.exit(f"cannot listen on port {port} of 127.0.0.1: {error.strerror}")
    prepare_database()
    print(f"READY http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(int(sys.argv[1]))
