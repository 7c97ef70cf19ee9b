"""Bearer tokens: one unit each, shown once, kept as argon2 hashes, revoked at once."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, insert, select, update

from collectors.errors import NoToken, UnknownToken
from collectors.submissions import database_faults
from collectors.tables import TOKEN
from surveys.model import Frozen

PREFIX = "lb"
# Verified tokens remembered in memory; far above the 600 or so units that can hold one.
MOST_REMEMBERED = 10_000

NewSecret = Callable[[], str]


class Token(Frozen):
    """What is known of a token: never its secret."""

    token_id: str
    unit: str
    created_at: datetime
    revoked_at: datetime | None


def new_secret() -> str:
    """256 bits that nobody can guess, as text that fits a header and an address."""
    return secrets.token_hex(32)


def create(engine: Engine, unit: str, now: datetime, secret: NewSecret = new_secret) -> str:
    """The new token, `lb_<id>_<secret>`: it cannot be shown again. The caller knows that the unit exists."""
    token_id, part = secret()[:12], secret()
    values = {"token_id": token_id, "unit": unit, "secret_hash": PasswordHasher().hash(part), "created_at": now}
    with database_faults(), engine.begin() as connection:
        connection.execute(insert(TOKEN).values(values))
    return f"{PREFIX}_{token_id}_{part}"


def all_tokens(engine: Engine) -> list[Token]:
    """Every token, oldest first, revoked ones included."""
    columns = [TOKEN.c[name] for name in Token.model_fields]
    with database_faults(), engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(TOKEN.c.created_at)).mappings().all()
    return [Token.model_validate(dict(row)) for row in rows]


def revoke(engine: Engine, token_id: str, now: datetime) -> None:
    """Ends a token, at once and in every copy of the collector. Raises UnknownToken."""
    change = update(TOKEN).where(TOKEN.c.token_id == token_id, TOKEN.c.revoked_at.is_(None)).values(revoked_at=now)
    with database_faults(), engine.begin() as connection:
        if connection.execute(change).rowcount == 0:
            raise UnknownToken(token_id)


class TokenReader:
    """Tells whose token a text is. Remembers what argon2 has verified, so that a call is not 50 ms each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._hasher = PasswordHasher()
        self._verified: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def unit_of(self, token: str) -> str:
        """The unit the token is for; raises NoToken when it is none of ours, wrong or revoked."""
        token_id, secret = _parts(token)
        columns = select(TOKEN.c.unit, TOKEN.c.secret_hash).where(
            TOKEN.c.token_id == token_id, TOKEN.c.revoked_at.is_(None)
        )
        with database_faults(), self._engine.connect() as connection:
            row = connection.execute(columns).one_or_none()
        if row is None or not self._matches(row.secret_hash, secret):
            raise NoToken()
        return str(row.unit)

    def _matches(self, secret_hash: str, secret: str) -> bool:
        # The hash of the text is remembered, not the text: memory shows no token.
        seen = hashlib.sha256(secret.encode()).digest()
        if self._verified.get(seen) == secret_hash:
            return True
        try:
            self._hasher.verify(secret_hash, secret)
        except (VerificationError, InvalidHashError):
            return False
        self._remember(seen, secret_hash)
        return True

    def _remember(self, seen: bytes, secret_hash: str) -> None:
        with self._lock:
            if len(self._verified) >= MOST_REMEMBERED:
                self._verified.clear()
            self._verified[seen] = secret_hash


def _parts(token: str) -> tuple[str, str]:
    prefix, _, rest = token.partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not token_id or not secret or not token.isascii():
        raise NoToken()
    return token_id, secret
