"""Renders the form's pages: the templates, what every page knows, and the headers every page has."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from collectors.form_shown import day_shown, in_words, last_day, time_shown
from collectors.form_texts import words
from collectors.signin import Session
from surveys.model import Language

STATIC = Path(str(files("collectors") / "static"))
TEMPLATES = Path(str(files("collectors") / "templates"))
LANGUAGE_COOKIE = "lagesbild_language"
DEMONSTRATION = "DEMONSTRATION"
A_YEAR = 365 * 24 * 3600
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Not no-store: going back in the browser must show what was typed.
    "Cache-Control": "private, no-cache",
}


def language_chosen(request: Request) -> Language:
    """The language chosen on these pages; Swedish until somebody chooses."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "sv"


def page(
    request: Request, template: str, status: int = 200, session: Session | None = None, **facts: Any
) -> HTMLResponse:
    """A page made from `templates/<template>.html`; facts are what the template asks for."""
    language: Language = facts.pop("language", None) or language_chosen(request)
    known = {
        "language": language,
        "word": words(language),
        "session": session,
        "csrf": request.app.state.signin.csrf_token(session) if session else "",
        "demonstration": (request.app.state.data_dir / DEMONSTRATION).exists(),
        "here": request.url.path,
        "assets": static_version(),
        "shown": Shown(language),
        "unit_name": "",
        "status": status,
    }
    text = _environment().get_template(f"{template}.html").render(known | facts)
    return HTMLResponse(text, status, SECURITY | {"Content-Language": language})


def go_to(path: str) -> RedirectResponse:
    """Shows another page, by GET."""
    return RedirectResponse(path, 303, SECURITY)


def remember_language(response: Response, request: Request, language: str) -> None:
    """Keeps the language in a cookie for a year."""
    chosen = "en" if language == "en" else "sv"
    secure = request.url.scheme == "https"
    response.set_cookie(LANGUAGE_COOKIE, chosen, A_YEAR, samesite="lax", secure=secure, httponly=True)


class Shown:
    """Moments and answers in words, for the templates."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def day(self, moment: Any) -> str:
        return day_shown(moment, self._language)

    def last_day(self, moment: Any) -> str:
        return last_day(moment, self._language)

    def time(self, moment: Any) -> str:
        return time_shown(moment, self._language)

    def text(self, text: Any) -> str:
        return text.in_language(self._language) if text else ""

    def answer(self, item: Any, answer: Any, names: Any) -> list[str]:
        return in_words(item, answer, self._language, names)


@lru_cache(maxsize=1)
def static_version() -> str:
    """Changes whenever a static file does, so that a browser fetches the new one."""
    content = b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()) if file.is_file())
    return hashlib.sha256(content).hexdigest()[:12]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["enumerate"] = enumerate
    return made
