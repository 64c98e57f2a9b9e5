"""Passwords and tokens."""

import hashlib
import hmac
import secrets
from datetime import datetime, timezone

import jwt

from kairos.settings import settings

ALGORITHM = "HS256"


def hash_password(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_digest(password, salt).hex()}"


def verify_password(password: str, hashed: str) -> bool:
    _, salt, digest = hashed.split("$")
    return hmac.compare_digest(bytes.fromhex(digest), _digest(password, bytes.fromhex(salt)))


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)


def create_token(subject: str, scope: str) -> str:
    expires = datetime.now(timezone.utc) + settings.lifetime(scope)
    return jwt.encode(
        {"sub": subject, "scope": scope, "exp": expires}, settings.SECRET_KEY, algorithm=ALGORITHM
    )


def decode_token(token: str, scope: str) -> str:
    """The subject of a token. Raises `jwt.InvalidTokenError` when it is not a valid one of that scope."""
    claims = jwt.decode(token, settings.SECRET_KEY, algorithms=[ALGORITHM])
    if claims.get("scope") != scope:
        raise jwt.InvalidTokenError("Invalid token scope")
    return str(claims["sub"])
