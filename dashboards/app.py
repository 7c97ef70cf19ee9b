"""The dashboards: navigation, the frame around every page, and following new publications."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from dashboards import address, data, format, past
from dashboards.errors import NewerPublication
from dashboards.page import Page, warning
from dashboards.texts import Words
from dashboards.views import burden, compare, history, overview, profile, provenance, quality, trend
from infra.errors import Error, NothingPublished, PublicationUnreadable
from infra.settings import load_settings
from surveys.moment import NoSuchMoment

FOLLOW_SECONDS = 0.5  # a new answer is to be seen within two seconds of sending, and the pipeline takes most of them
VIEWS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "oversikt": ("page_overview", overview.show),
    "jamfor": ("page_compare", compare.show),
    "over_aren": ("page_trend", trend.show),
    "profil": ("page_profile", profile.show),
    "historik": ("page_history", history.show),
    "kvalitet": ("page_quality", quality.show),
    "borda": ("page_burden", burden.show),
    "harkomst": ("page_provenance", provenance.show),
}


def main() -> None:
    """Draw the page that the address names, of the publication in force."""
    st.set_page_config(page_title="Lägesbild", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>")
    words = Words(_language())
    # On a phone the pages hide behind a button with two arrows: say what it is.
    st.html(f"<style>[data-testid=stExpandSidebarButton]::after {{ content: '{words('menu')}'; }}</style>")
    pages = [
        st.Page(_drawn(view, words), title=words(title), url_path=path, default=path == "oversikt")
        for path, (title, view) in VIEWS.items()
    ]
    st.navigation(pages, position="top").run()


def _language() -> Literal["sv", "en"]:
    asked = address.wanted("sprak") or load_settings().language
    return "en" if asked == "en" else "sv"


def _drawn(view: Callable[[Page], None], words: Words) -> Callable[[], None]:
    def draw() -> None:
        then = past.asked(words)
        shown = _in_force() if then is None else _as_of(words, then)
        if then is None:
            _follow(str(shown))
        if isinstance(shown, PublicationUnreadable):
            _say_unreadable(words, shown)
            return
        try:
            _frame(words, shown)
            if shown is not None:
                _shown(view, words, then, shown)
        except (NewerPublication, NothingPublished):
            # It was replaced while the page was being drawn.
            st.rerun()
        except PublicationUnreadable as fault:
            _say_unreadable(words, fault)

    return draw


def _in_force() -> str | PublicationUnreadable | None:
    """The publication to show; None when there is none, the fault when it cannot be told, which the page then says."""
    try:
        return data.in_force()
    except PublicationUnreadable as fault:
        return fault


def _as_of(words: Words, then: str) -> str:
    """The publication of that moment; a page that says why there is none."""
    try:
        with st.spinner(words("past_making")):
            return past.shown(then)
    except (Error, NoSuchMoment) as fault:
        st.header(words("past_refused_title"))
        st.markdown(words("past_refused", fault=str(fault)))
        st.stop()


def _shown(view: Callable[[Page], None], words: Words, then: str | None, shown: str) -> None:
    if then is not None:
        warning(past.sentence(then, data.publication(shown).as_of, words))
    view(Page(shown, words))


def _say_unreadable(words: Words, fault: PublicationUnreadable) -> None:
    st.header(words("unreadable_title"))
    st.markdown(words("unreadable", fault=str(fault)))


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow(shown: str) -> None:
    """Draws the page anew as soon as another publication is in force."""
    if str(_in_force()) != shown:
        st.rerun()


def _frame(words: Words, shown: str | None) -> None:
    brand, language = st.columns([4, 1], vertical_alignment="center")
    with brand:
        line = f'<div class="lb-brand">{words("brand")}<span>{escape(words("brand_line"))}</span></div>'
        st.html(line + (_updated(words, shown) if shown and not shown.startswith(data.PAST) else ""))
    with language:
        names = {"sv": "Svenska", "en": "English"}
        chosen = address.choose(
            "sprak", words("language"), list(names), words.language, lambda code: names[code], "buttons"
        )
        if chosen != words.language:
            st.rerun()
    if data.is_demonstration():
        st.html(f'<p class="lb-demo" role="note">{escape(words("demonstration"))}</p>')
    if shown is None:
        st.header(words("nothing_title"))
        st.markdown(words("nothing"))


def _updated(words: Words, shown: str) -> str:
    publication = data.publication(shown)
    events = format.whole(publication.events, words.language)
    moment = format.moment(publication.published_at, words.language)
    return f'<p class="lb-updated">{escape(words("updated", moment=moment, events=events))}</p>'


if __name__ == "__main__":
    main()
