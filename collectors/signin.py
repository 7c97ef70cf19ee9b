"""Signing in to the form: a link for one unit, a signed session cookie, and a token against forged posts."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from collectors.errors import LinkInvalid
from collectors.submissions import database_faults
from collectors.tables import SIGNIN_LINK, SIGNING_KEY
from collectors.tokens import NewSecret, new_secret
from surveys.model import Frozen

COOKIE = "lagesbild_session"
# A round is open for some weeks; a link sent when it opens still works for a correction in the autumn.
LINK_LIFE = timedelta(days=180)
# Long enough for a working day with a half-filled form, short enough for a computer that others use.
SESSION_LIFE = timedelta(hours=12)


class Session(Frozen):
    """Who is signed in: one unit, through one link, until a moment. `nonce` makes every session different."""

    unit: str
    link_id: str
    nonce: str
    expires_at: datetime


class Link(Frozen):
    """What is known of a sign-in link: never its secret."""

    link_id: str
    unit: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def invite(
    engine: Engine, unit: str, now: datetime, life: timedelta = LINK_LIFE, secret: NewSecret = new_secret
) -> str:
    """The last part of a new sign-in link, `<id>_<secret>`: it works until it expires or is revoked.

    It cannot be shown again: only its hash is kept. The caller knows that the unit exists.
    """
    link_id, part = secret()[:12], secret()
    values = {
        "link_id": link_id,
        "unit": unit,
        "secret_hash": _hashed(part),
        "created_at": now,
        "expires_at": now + life,
    }
    with database_faults(), engine.begin() as connection:
        connection.execute(insert(SIGNIN_LINK).values(values))
    return f"{link_id}_{part}"


def link_path(link: str) -> str:
    """The address of a sign-in link on the collector."""
    return f"/signin/{link}"


def links(engine: Engine) -> list[Link]:
    """Every link, oldest first, expired and revoked ones included."""
    columns = [SIGNIN_LINK.c[name] for name in Link.model_fields]
    with database_faults(), engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(SIGNIN_LINK.c.created_at)).mappings().all()
    return [Link.model_validate(dict(row)) for row in rows]


def revoke_links(engine: Engine, unit: str, now: datetime) -> int:
    """Ends every link of the unit and the sessions begun with them; how many links ended."""
    change = update(SIGNIN_LINK).where(SIGNIN_LINK.c.unit == unit, SIGNIN_LINK.c.revoked_at.is_(None))
    with database_faults(), engine.begin() as connection:
        return int(connection.execute(change.values(revoked_at=now)).rowcount)


class SignIn:
    """Begins and reads sessions, and makes and checks the token in each form.

    The web pages set the cookie named COOKIE to `cookie(session)`, HttpOnly, SameSite=Lax, and Secure over https.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._key = _signing_key(engine)

    def begin(self, link: str, now: datetime, secret: NewSecret = new_secret) -> Session:
        """A new session for the unit of the link `<id>_<secret>`; raises LinkInvalid."""
        link_id, _, part = link.partition("_")
        row = self._live_link(link_id, now)
        if row is None or not hmac.compare_digest(row[1], _hashed(part)):
            raise LinkInvalid()
        expires_at = (now + SESSION_LIFE).astimezone(UTC)
        return Session(unit=row[0], link_id=link_id, nonce=secret()[:16], expires_at=expires_at)

    def cookie(self, session: Session) -> str:
        """The session as the value of a cookie that nobody else can make."""
        body = base64.urlsafe_b64encode(session.model_dump_json().encode()).decode().rstrip("=")
        return f"{body}.{self._signature('session', body)}"

    def read(self, cookie: str | None, now: datetime) -> Session | None:
        """The session in a cookie; None when there is none, it was tampered with, expired, or its link ended."""
        body, _, signature = (cookie or "").partition(".")
        if not body or not _same(signature, self._signature("session", body)):
            return None
        session = _decoded(body)
        if session is None or session.expires_at <= now or self._live_link(session.link_id, now) is None:
            return None
        return session

    def csrf_token(self, session: Session) -> str:
        """The text that every form of this session carries."""
        return self._signature("csrf", session.nonce)

    def csrf_valid(self, session: Session, given: str | None) -> bool:
        """Whether a posted form carries this session's token."""
        return _same(given or "", self.csrf_token(session))

    def _signature(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def _live_link(self, link_id: str, now: datetime) -> tuple[str, str] | None:
        columns = select(SIGNIN_LINK.c.unit, SIGNIN_LINK.c.secret_hash, SIGNIN_LINK.c.expires_at)
        wanted = columns.where(SIGNIN_LINK.c.link_id == link_id, SIGNIN_LINK.c.revoked_at.is_(None))
        with database_faults(), self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None or row.expires_at <= now else (row.unit, row.secret_hash)


def _hashed(secret: str) -> str:
    # A plain hash is enough here: 256 random bits cannot be guessed from it, however fast it is.
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _decoded(body: str) -> Session | None:
    try:
        return Session.model_validate_json(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, ValidationError):
        return None


def _signing_key(engine: Engine) -> bytes:
    """The key that all copies of the collector share, made by the first of them."""
    wanted = select(SIGNING_KEY.c.key).where(SIGNING_KEY.c.name == "session")
    with database_faults():
        try:
            with engine.begin() as connection:
                connection.execute(insert(SIGNING_KEY).values(name="session", key=secrets.token_bytes(32)))
        except IntegrityError:
            pass
        with engine.connect() as connection:
            return bytes(connection.execute(wanted).scalar_one())
