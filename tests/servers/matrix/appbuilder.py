"""Flask-AppBuilder with its security API, as Superset and Airflow 2 have it.

    python appbuilder.py      (on a free port; prints "READY <url>")
"""

import logging
import os
import threading
from datetime import timedelta

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.api import BaseApi, expose, protect
from flask_appbuilder.models.sqla.base import SQLA
from flask_jwt_extended import current_user
from werkzeug.serving import make_server

logging.disable(logging.WARNING)
app = Flask(__name__)
app.config.update(
    SECRET_KEY="test servers keep no secrets, and this is long enough",
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['DATA_DIR']}/db.sqlite3",
    JWT_ACCESS_TOKEN_EXPIRES=timedelta(seconds=int(os.environ["ACCESS_TTL"])),
    JWT_REFRESH_TOKEN_EXPIRES=timedelta(seconds=int(os.environ["REFRESH_TTL"])),
    FAB_ADD_SECURITY_API=False,
    RATELIMIT_ENABLED=False,
    AUTH_RATE_LIMITED=False,
)
db = SQLA(app)


class Account(BaseApi):
    resource_name = "account"

    @expose("/")
    @protect()
    def get(self):
        return self.response(200, email=current_user.email)


def end_with_parent():
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_api(Account)
        email, password = os.environ["USER_EMAIL"], os.environ["USER_PASSWORD"]
        manager = builder.sm
        manager.add_user(email, "Ada", "Lovelace", email, manager.find_role("Admin"), password=password)
    threading.Thread(target=end_with_parent, daemon=True).start()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    logging.getLogger("werkzeug").disabled = True
    print(f"READY http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
