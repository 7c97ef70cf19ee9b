"""Drafts: what a unit has filled in and not yet sent, as typed, so that it can go on at another computer."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from collectors.form_typed import Typed
from collectors.submissions import database_faults
from collectors.tables import DRAFT
from surveys.model import Frozen

Key = tuple[str, str, int]  # unit, survey, year


class Draft(Frozen):
    """One unit's unsent form. `version` grows by one with each saving."""

    survey: str
    year: int
    fields: tuple[tuple[str, str], ...]
    version: int
    saved_at: datetime

    @property
    def typed(self) -> Typed:
        return Typed(self.fields)


class DraftOvertaken(Exception):
    """Somebody saved a newer draft in between; `newer` is it, and nothing was overwritten."""

    def __init__(self, newer: Draft) -> None:
        super().__init__(newer.version)
        self.newer = newer


class Drafts:
    """The drafts in the operational database. Every method raises DatabaseDown when it does not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, key: Key) -> Draft | None:
        with database_faults(), self._engine.connect() as connection:
            row = connection.execute(select(DRAFT).where(_is(key))).mappings().one_or_none()
        return None if row is None else _draft(row)

    def of_unit(self, unit: str) -> dict[tuple[str, int], datetime]:
        """When each survey and year of the unit that has a draft was last saved."""
        wanted = select(DRAFT.c.survey, DRAFT.c.year, DRAFT.c.saved_at).where(DRAFT.c.unit == unit)
        with database_faults(), self._engine.connect() as connection:
            return {(survey, year): saved_at for survey, year, saved_at in connection.execute(wanted)}

    def save(self, key: Key, typed: Typed, version: int, now: datetime) -> int:
        """The version now kept. `version` is the one the form was made from, 0 for none.

        Raises DraftOvertaken when another one, with other content, was saved since.
        """
        fields = json.dumps(typed.pairs, ensure_ascii=False)
        values = {"fields": fields, "version": version + 1, "saved_at": now}
        change = update(DRAFT).where(_is(key), DRAFT.c.version == version).values(values)
        with database_faults(), self._engine.begin() as connection:
            if connection.execute(change).rowcount == 1:
                return version + 1
        newer = self.get(key) or self._inserted(key, values)
        if newer is None:
            return version + 1
        if newer.typed.pairs != typed.pairs:
            raise DraftOvertaken(newer)
        return newer.version

    def clear(self, key: Key) -> None:
        """Forgets the draft, if there is one."""
        with database_faults(), self._engine.begin() as connection:
            connection.execute(delete(DRAFT).where(_is(key)))

    def _inserted(self, key: Key, values: dict[str, Any]) -> Draft | None:
        """None when the draft was put in, or the one that was there first."""
        unit, survey, year = key
        try:
            with database_faults(), self._engine.begin() as connection:
                connection.execute(insert(DRAFT).values(unit=unit, survey=survey, year=year, **values))
        except IntegrityError:
            return self.get(key)
        return None


def _is(key: Key) -> ColumnElement[bool]:
    unit, survey, year = key
    return and_(DRAFT.c.unit == unit, DRAFT.c.survey == survey, DRAFT.c.year == year)


def _draft(row: Any) -> Draft:
    known = {name: row[name] for name in ("survey", "year", "version", "saved_at")}
    return Draft(fields=json.loads(row["fields"]), **known)
