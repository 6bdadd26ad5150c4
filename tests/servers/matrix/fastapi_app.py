"""FastAPI Users with SQLAlchemy, its session kept in three ways: a JSON Web Token, a token in the database, a cookie.

    python fastapi_app.py     (on a free port; prints "READY <url>")
"""

import asyncio
import os
import socket
import threading
import uuid

import uvicorn
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, CookieTransport, JWTStrategy
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase, SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SECRET = "test servers keep no secrets, and this is long enough"
ACCESS_TTL = int(os.environ["ACCESS_TTL"])


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATA_DIR']}/db.sqlite3")
open_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with open_session() as session:
        yield session


async def get_users(session=Depends(get_session)):
    yield SQLAlchemyUserDatabase(session, User)


async def get_tokens(session=Depends(get_session)):
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)


class Users(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    reset_password_token_secret = verification_token_secret = SECRET


async def get_manager(users=Depends(get_users)):
    yield Users(users)


def by_database(tokens=Depends(get_tokens)):
    return DatabaseStrategy(tokens, lifetime_seconds=ACCESS_TTL)


def by_jwt():
    return JWTStrategy(secret=SECRET, lifetime_seconds=ACCESS_TTL)


cookie = CookieTransport(cookie_max_age=ACCESS_TTL, cookie_secure=False)
backends = [
    AuthenticationBackend("jwt", BearerTransport("auth/jwt/login"), by_jwt),
    AuthenticationBackend("database", BearerTransport("auth/database/login"), by_database),
    AuthenticationBackend("cookie", cookie, by_database),
]
fastapi_users = FastAPIUsers[User, uuid.UUID](get_manager, backends)
app = FastAPI()
for backend in backends:
    app.include_router(fastapi_users.get_auth_router(backend), prefix=f"/auth/{backend.name}")
app.include_router(fastapi_users.get_users_router(schemas.BaseUser[uuid.UUID], schemas.BaseUserUpdate), prefix="/users")


async def prepare():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with open_session() as session:
        user = schemas.BaseUserCreate(email=os.environ["USER_EMAIL"], password=os.environ["USER_PASSWORD"])
        await Users(SQLAlchemyUserDatabase(session, User)).create(user)


async def serve():
    await prepare()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    print(f"READY http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    await server.serve(sockets=[listener])


def end_with_parent():
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    asyncio.run(serve())
