"""Responses landed as the pipeline lands them, and what a publication of them says."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.event_log import ADMINISTRATION, StoredEvent
from infra.warehouse import connect
from pipeline.administration import Administration, land_administration
from pipeline.land import land, prepare
from pipeline.mart import submitted_until
from pipeline.parked import Parked
from pipeline.parse import Asked, parse
from pipeline.publish import Published, prepare_state, publish
from surveys.events import AdministrationData, encode, new_administration_event
from surveys.questionnaire import Questionnaire
from surveys.units import reference_units
from tests.pipeline.build import Definitions, event, stored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NOON = datetime(2023, 5, 31, 12, tzinfo=UTC)
Answers = Mapping[str, Any]
# Of the facts about a response, those that stand beside its data.
ENVELOPE = frozenset({"secondsspent"})


class Landing:
    """A warehouse of its own, and a log that it has read: each thing sent gets the next offset."""

    def __init__(self, folder: Path, *questionnaires: Questionnaire) -> None:
        self.folder = folder
        self.definitions = Definitions(*questionnaires)
        self.connection: DuckDBPyConnection = connect(folder / "warehouse.duckdb")
        self.administration = Administration()
        self.offset = 0
        prepare(self.connection)
        prepare_state(self.connection)

    def sent(self, q: Questionnaire, unit: str, answers: Answers, at: datetime = NOON, **facts: Any) -> None:
        """One response that was accepted."""
        self.sent_all(q, {unit: answers}, at, **facts)

    def sent_all(self, q: Questionnaire, responses: Mapping[str, Answers], at: datetime = NOON, **facts: Any) -> None:
        """A response of each unit."""
        events = [self._stored(q, unit, answers, at, facts) for unit, answers in responses.items()]
        verdicts = parse(events, Asked(self.definitions, self.administration.units))
        assert [one for one in verdicts if isinstance(one, Parked)] == []
        land(self.connection, verdicts, NOON)

    def _stored(
        self, q: Questionnaire, unit: str, answers: Answers, at: datetime, facts: dict[str, Any]
    ) -> StoredEvent:
        offset, self.offset = self.offset, self.offset + 1
        data = {"survey": q.survey, "year": q.year, "unit": unit, "questionnaire": q.fingerprint, "mode": "web"}
        told = {name: facts[name] for name in facts.keys() - ENVELOPE}
        attributes = {name: facts[name] for name in facts.keys() & ENVELOPE}
        whole = {**data, "submission_id": f"s-{offset}", "answers": answers, **told}
        return stored(event(whole, at, **attributes), offset, unit)

    def happened(self, data: AdministrationData, at: datetime = NOON) -> None:
        """An administration event."""
        offset, self.offset = self.offset, self.offset + 1
        value = encode(new_administration_event(data, event_id=f"event-{offset}", time=at))
        event = StoredEvent(ADMINISTRATION, 0, offset, data.key, value, at)
        land_administration(self.connection, [event], self.administration.judge_all([event]), at)

    def published(self, now: datetime = NOON, as_of: datetime | None = None) -> Published:
        """A new publication of it all, without any audit."""
        then = None if as_of is None else submitted_until(as_of)
        return publish(self.connection, self.folder, self.definitions, now, then)

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Publishes, and asks the published file."""
        with opened(self.published()) as publication:
            return publication.execute(sql, parameters).fetchall()

    def figure(self, indicator: str, unit: str = "00", sex: str = "T", category: str = "", **facts: Any) -> "Figure":
        """Publishes, and gives one figure."""
        return figures(self.published(), indicator, **facts)[unit, sex, category]


class Figure(dict[str, Any]):
    """One row of the published indicators."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def figures(published: Published, indicator: str, **facts: Any) -> dict[tuple[str, str, str], Figure]:
    """The rows of one indicator by unit, sex and category; `facts` narrow them down (year, unit_kind)."""
    where = "".join(f" AND {name} = ${name}" for name in facts)
    with opened(published) as publication:
        found = publication.execute(
            f"SELECT * FROM indicator WHERE indicator_id = $indicator{where}", {"indicator": indicator, **facts}
        )
        names = [column[0] for column in found.description or ()]
        rows = [Figure(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row.unit_id, row.sex, row.category): row for row in rows}


@contextmanager
def opened(published: Published) -> "Iterator[DuckDBPyConnection]":
    """The published file, as a reader opens it."""
    import duckdb

    connection = duckdb.connect(str(published.path), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def regions(count: int = 21) -> list[str]:
    """The codes of so many regions."""
    return [unit.unit_id for unit in reference_units() if unit.kind == "region"][:count]


def indicator(id_: str = "andel", **properties: Any) -> dict[str, Any]:
    """A declared indicator: how many units answered, unless told otherwise."""
    words = {"sv": id_, "en": id_}
    texts = {"label": words, "definition": words, "source": words, "unit_of_measure": words}
    return {"id": id_, **texts, "numerator": {"kind": "count_units"}, **properties}
