"""Selections in the address: what is chosen on a page can be sent to a colleague as a link.

A choice is taken from the widget, else from the address, else from what was last chosen on another page.
"""

from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

Widget = Literal["list", "buttons"]
KEPT = "kept."
# What holds for every page: a link that is followed begins a new session, which would not know.
CARRIED = ("sprak", "as_of")


def wanted(name: str) -> str | None:
    """What the address asks for; what was last chosen when it says nothing."""
    asked = st.query_params.get(name)
    return asked if asked is not None else st.session_state.get(KEPT + name)


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    default: str,
    words: Callable[[str], str] = str,
    widget: Widget = "list",
    scope: str = "",
) -> str:
    """One of the options, chosen in a widget and written into the address.

    An unknown value in the address gives the default. `scope` names what the options depend on: when that changes,
    the choice starts anew.
    """
    key = f"{name}|{scope}"
    if st.session_state.get(key) not in options:
        asked = wanted(name)
        st.session_state[key] = asked if asked in options else default
    value = _drawn(widget, label, options, words, key)
    remember(name, value)
    return value


def typed(name: str, label: str, hint: str) -> str:
    """What the reader writes in a field, or the address asks for; '' for nothing."""
    key = f"{name}|typed"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(name, "")
    written = st.text_input(label, key=key, placeholder=hint).strip()
    if not written:
        forget(name)
    elif st.query_params.get(name) != written:
        st.query_params[name] = written
    return written


def link(path: str, **selections: str) -> str:
    """The address of a page with selections, those that are empty left out; language and past moment go along."""
    kept = {name: st.session_state.get(KEPT + name) for name in CARRIED}
    return f"{path}?{urlencode({name: value for name, value in {**selections, **kept}.items() if value})}"


def remember(name: str, value: str) -> None:
    """Writes a choice into the address, and keeps it for the other pages."""
    st.session_state[KEPT + name] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def forget(name: str) -> None:
    """Takes a choice that does not apply here out of the address."""
    if name in st.query_params:
        del st.query_params[name]


def drop(name: str) -> None:
    """Takes a choice back: out of the address, and for the other pages too."""
    st.session_state.pop(KEPT + name, None)
    forget(name)


def _drawn(widget: Widget, label: str, options: Sequence[str], words: Callable[[str], str], key: str) -> str:
    if widget == "list":
        chosen: str | None = st.selectbox(label, options, format_func=words, key=key)
    else:
        chosen = st.segmented_control(label, options, format_func=words, key=key, required=True)
    return options[0] if chosen is None else chosen
