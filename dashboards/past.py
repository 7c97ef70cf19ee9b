"""A past moment to look at: chosen beside the page or in the address, made by the pipeline in its own process."""

import json
import subprocess
import sys
import threading
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards import address, format
from dashboards.data import PAST, data_dir, exists
from dashboards.errors import PastNotShown
from dashboards.texts import Words
from surveys.moment import AtTime, Moment, moment

NAME = "as_of"
# A rebuild of 10 million answers is to take 90 seconds, and some may wait for one another.
MAKING_SECONDS = 600.0
# Late answers that belong to a past moment are seen after so long.
REMEMBERED_SECONDS = 300.0
FIRST_DAY = date(2016, 1, 1)
_one_at_a_time = threading.Lock()


def asked(words: Words) -> str | None:
    """The moment to look at as it is written in the address, None for now; it can be chosen beside the page."""
    wanted = address.wanted(NAME) or ""
    if wanted:
        address.remember(NAME, wanted)
    day, clock = _on_the_clock(wanted)
    days, clocks = f"past.day|{wanted}", f"past.time|{wanted}"
    with st.sidebar:
        st.header(words("past_title"), anchor=False)
        today, keys = datetime.now(format.STOCKHOLM).date(), (days, clocks)
        st.date_input(words("past_day"), day, FIRST_DAY, today, key=days, on_change=_choose, args=keys)
        st.time_input(words("past_time"), clock, key=clocks, on_change=_choose, args=keys, disabled=day is None)
        st.button(words("past_now"), on_click=address.drop, args=(NAME,), disabled=not wanted)
    return wanted or None


def shown(text: str) -> str:
    """The publication of that moment, as `data` takes it; made first if need be, which may take a minute.

    Raises NoSuchMoment for what is none, PastNotShown with the pipeline's own words when it cannot be made.
    """
    asked_for, folder = str(moment(text)), str(data_dir().resolve())
    name = _made(folder, asked_for)
    if not exists(name):  # others have been asked for since
        _made.clear(folder, asked_for)
        name = _made(folder, asked_for)
    return name


def sentence(text: str, as_of: datetime, words: Words) -> str:
    """What is said on each page that shows a past moment."""
    then: Moment = moment(text)
    at = format.moment(as_of, words.language)
    return words("past_shown", moment=at) if isinstance(then, AtTime) else words("past_known", moment=at, asked=then)


@st.cache_data(ttl=REMEMBERED_SECONDS, max_entries=50, show_spinner=False)
def _made(folder: str, asked_for: str) -> str:
    command = [sys.executable, "-m", "lagesbild", "pipeline", "as-of", asked_for, "--json", "--data-dir", folder]
    with _one_at_a_time:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=MAKING_SECONDS, check=False)
        except subprocess.TimeoutExpired as fault:
            raise PastNotShown(asked_for, f"it was not made in {MAKING_SECONDS:.0f} seconds.") from fault
    if done.returncode:
        raise PastNotShown(asked_for, (done.stderr.strip().splitlines() or ["no word of why."])[-1])
    return PAST + Path(json.loads(done.stdout)["path"]).stem


def _choose(days: str, clocks: str) -> None:
    day, clock = st.session_state.get(days), st.session_state.get(clocks)
    if day is None:
        address.drop(NAME)
    else:
        address.remember(NAME, day.isoformat() if clock is None else f"{day.isoformat()}T{clock:%H:%M}")


def _on_the_clock(text: str) -> tuple[Any, Any]:
    """Day and time of day as they were chosen beside the page, each None where the address says it in another way.

    Any: Streamlit's widgets are typed for a value or for None, not for either.
    """
    try:
        day = date.fromisoformat(text[:10])
        clock = time.fromisoformat(text[11:]) if len(text) == 16 else None
    except ValueError:
        return None, None
    within = FIRST_DAY <= day <= datetime.now(format.STOCKHOLM).date()
    return (day, clock) if within else (None, None)
