"""How long a form has been worked at: the time between its page being shown or saved and being saved again.

It is told by the server's clock, so it needs no script, and kept by unit, not by person: whoever is at the form, in
however many windows, adds to one line of time, in which nothing counts twice. What nobody can know is not counted:
a gap in which somebody may have gone away, and one in which a clock went backwards.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from collectors.drafts import Key
from collectors.errors import DatabaseDown
from collectors.form_fields import ANSWER
from collectors.form_typed import Typed
from collectors.submissions import database_faults
from collectors.tables import FORM_TIME
from surveys.questionnaire import Questionnaire
from surveys.time_spent import WHOLE

# Somebody without a script fills in a whole page before saving; somebody who is away longer has left.
LONGEST_GAP = timedelta(minutes=15)
NOTHING = timedelta()


class FormTimes:
    """What is known of each form that is being filled in. A database that does not answer makes it unknown, no more."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def shown(self, key: Key, now: datetime) -> None:
        """The page was shown: what follows counts from here, not from when it was last left."""
        with suppress(DatabaseDown):
            with database_faults(), self._engine.begin() as connection:
                known = connection.execute(update(FORM_TIME).where(_is(key)).values(seen_at=now)).rowcount
            if not known:
                self._begun(key, now)

    def saved(self, key: Key, changed: Iterable[str], now: datetime) -> None:
        """The form was saved with these sections changed: the time since it was last heard of is theirs.

        When several have changed, or none, it is of no one section.
        """
        sections = set(changed)
        section = sections.pop() if len(sections) == 1 else WHOLE
        with suppress(DatabaseDown):
            self._add(key, section, now)

    def spent(self, key: Key) -> dict[str, int]:
        """Seconds by section; empty when unknown."""
        with suppress(DatabaseDown):
            _, milliseconds = self._known(key) or (None, {})
            seconds = {section: round(spent / 1000) for section, spent in milliseconds.items()}
            return {section: spent for section, spent in seconds.items() if spent > 0}
        return {}

    def clear(self, key: Key) -> None:
        """Forgets it: it went with what was sent."""
        with suppress(DatabaseDown), database_faults(), self._engine.begin() as connection:
            connection.execute(delete(FORM_TIME).where(_is(key)))

    def _add(self, key: Key, section: str, now: datetime) -> None:
        known = self._known(key)
        if known is None:
            self._begun(key, now)
            return
        seen_at, spent = known
        gap = now - seen_at
        if NOTHING < gap <= LONGEST_GAP:
            spent[section] = spent.get(section, 0) + gap // timedelta(milliseconds=1)
        change = update(FORM_TIME).where(_is(key), FORM_TIME.c.seen_at == seen_at)
        with database_faults(), self._engine.begin() as connection:
            # Where another window was heard of in between, this gap is not known.
            connection.execute(change.values(seen_at=now, milliseconds=json.dumps(spent)))

    def _known(self, key: Key) -> tuple[datetime, dict[str, int]] | None:
        wanted = select(FORM_TIME.c.seen_at, FORM_TIME.c.milliseconds).where(_is(key))
        with database_faults(), self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else (row.seen_at, json.loads(row.milliseconds))

    def _begun(self, key: Key, now: datetime) -> None:
        unit, survey, year = key
        row = {"unit": unit, "survey": survey, "year": year, "seen_at": now, "milliseconds": "{}"}
        with suppress(IntegrityError), database_faults(), self._engine.begin() as connection:
            connection.execute(insert(FORM_TIME).values(row))


def changed_sections(before: Typed, after: Typed, q: Questionnaire) -> set[str]:
    """The sections in which something is typed otherwise than before."""
    section_of = {item.id: section.id for section in q.sections for item in section.items}
    then, now = _by_item(before), _by_item(after)
    different = {item for item in then.keys() | now.keys() if then.get(item) != now.get(item)}
    return {section_of[item] for item in different if item in section_of}


def _by_item(typed: Typed) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, text in sorted(typed.under(ANSWER)):
        if text:
            found.setdefault(name.removeprefix(ANSWER).partition(".")[0], []).append((name, text))
    return found


def _is(key: Key) -> ColumnElement[bool]:
    unit, survey, year = key
    return and_(FORM_TIME.c.unit == unit, FORM_TIME.c.survey == survey, FORM_TIME.c.year == year)
