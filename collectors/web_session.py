"""Who is at the form: the session in the cookie, the unit it is for, and posts that another site made."""

from datetime import datetime

from fastapi import Request, Response

from collectors.errors import Forged, NotSignedIn, NotYours
from collectors.form_typed import Typed
from collectors.gate import utc_now
from collectors.signin import COOKIE, SESSION_LIFE, Session, SignIn


def session_of(request: Request) -> Session | None:
    """The session of the request's cookie. Raises DatabaseDown."""
    return signin_of(request).read(request.cookies.get(COOKIE), utc_now())


def own_session(request: Request, unit: str) -> Session:
    """The session, when it is that unit's. Raises NotSignedIn, NotYours."""
    session = session_of(request)
    if session is None:
        raise NotSignedIn()
    must_be_own(session, unit)
    return session


def must_be_own(session: Session, unit: str) -> None:
    """Raises NotYours when the session is another unit's."""
    if session.unit != unit:
        raise NotYours(unit, session.unit)


def is_genuine(request: Request, session: Session, typed: Typed) -> bool:
    """Whether a posted form was made for this session."""
    return signin_of(request).csrf_valid(session, typed.one("csrf"))


def must_be_same_site(request: Request) -> None:
    """Raises Forged for a post that a browser says another site made: sign-in has no session to hold a token."""
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Forged()


def begin(request: Request, code: str, now: datetime) -> Session:
    """A session by a link or the code at its end. Raises LinkInvalid."""
    return signin_of(request).begin(code.strip().rstrip("/").rpartition("/")[2], now)


def remember(response: Response, request: Request, session: Session) -> None:
    """Puts the session in the browser's cookie."""
    response.set_cookie(
        COOKIE,
        signin_of(request).cookie(session),
        int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def signin_of(request: Request) -> SignIn:
    """The application's sign-in."""
    signin: SignIn = request.app.state.signin
    return signin
