"""What follows on landing: the parts that changed are audited, and what has become new is published."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import PublicationUnreadable
from infra.log import get_logger
from infra.published import is_readable, marts_dir
from infra.warehouse import transaction
from pipeline import texts
from pipeline.audit import Result, audit_beside
from pipeline.declarations import declarations
from pipeline.errors import PublicationUnwritten
from pipeline.handwritten import digest_of
from pipeline.history import note_changes
from pipeline.ledger import Digesting, digest, last_record, product, settle
from pipeline.mart import AsOf, Former, Part, Verdict
from pipeline.parse import Definitions
from pipeline.publish import Kept, Published, prepare_state, publish
from pipeline.tables import table
from surveys.catalogue import load_catalogue
from surveys.model import Text
from surveys.population import PopulationTable, population_in_force
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from infra.settings import Settings

RESULT = {
    "survey": "text", "year": "whole", "expectation": "text", "expectation_sv": "text", "expectation_en": "text",
    "check_id": "text", "column_name": "text", "severity": "text", "success": "truth", "observed": "text",
    "elements": "whole", "unexpected": "whole", "checked_at": "time", "origin": "text", "reason_sv": "text",
    "reason_en": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What a part holds now: what decides its audit, and its last event in each partition."""

    seen: str
    position: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What an audit looks at beside the answers: units by kind, merged programmes, inhabitants."""

    units: Mapping[str, tuple[int, int]]
    merged: Mapping[str, tuple[int, int]]
    population: str

    def of(self, q: Questionnaire) -> list[object]:
        """As far as it concerns this questionnaire."""
        merged = self.merged if any(item.register_name for item in q.items.values()) else {}
        return [[self.units.get(kind) for kind in q.respondents], merged, self.population]


@dataclass(frozen=True, slots=True)
class _Last:
    """The publication in force, and what it was made of."""

    path: Path
    checksum: str | None
    made_of: str
    ground: str


def refresh(
    connection: "DuckDBPyConnection",
    settings: "Settings",
    now: datetime,
    definitions: Definitions | None = None,
    as_of: AsOf | None = None,
    digesting: Digesting | None = None,
) -> Published | None:
    """The new publication in force, of a past moment if `as_of` says so; None when nothing has changed since the last.

    Only parts with new content are audited; others keep their results. A part in which a critical expectation does
    not hold is published as it last was when all held, and says so. The ledger's digests are added before this
    returns, or by `digesting`.
    """
    prepare_state(connection)
    if digesting is not None:
        digesting.wait()
    settle(settings.data_dir)
    catalogue = definitions or load_catalogue()
    # 1. What has changed since the last audit, and since the last publication.
    population = population_in_force(settings.population_file)
    states = _states(connection, catalogue, population)
    dirty = _dirty(connection, states)
    ground = _ground(connection, catalogue, population)
    made_of = _made_of(connection, ground, states)
    last = _last(connection, settings)
    if not dirty and last and last.made_of == made_of and is_readable(last.path):
        return None

    # 2. Build it, audit what changed in it, put it in force.
    def judge(work: "DuckDBPyConnection") -> Verdict:
        audited = audit_beside(work, (catalogue.get(*part) for part in dirty), now)

        def holds() -> bool:
            verdicts = audited.result()
            remember(connection, states, verdicts, now)
            return not any(_held(results) for results in verdicts.values())

        return holds

    def publish_with(former: Former | None) -> Published:
        return publish(
            connection,
            settings.data_dir,
            catalogue,
            now,
            as_of,
            judge=judge if dirty else None,
            released=dirty,
            former=former,
            population=population,
            kept=Kept(settings.publications_kept, timedelta(days=settings.publications_kept_days)),
        )

    former = _former(connection, last, states) if last and last.ground == ground else None
    try:
        published = publish_with(former)
    except (PublicationUnwritten, PublicationUnreadable) as fault:
        if former is None:
            raise
        get_logger("pipeline").warning("made_anew", cause=str(fault))
        published = publish_with(None)  # the disk is full, or what it has of the former one is damaged
    # 3. It is seen by now. Say what it was made of; a stop before this only means that it is made again.
    _note(connection, [published.publish_id, made_of, ground], states)
    (digest if digesting is None else digesting.add)(settings.data_dir, published.publish_id)
    return published


def _states(
    connection: "DuckDBPyConnection", catalogue: Definitions, population: PopulationTable
) -> dict[Part, _State]:
    """Every part with accepted responses. A part looks back at the year before: a correction there counts too."""
    units = _events_of(connection, "unit-added", "data ->> 'kind'")
    around = _Around(units, _events_of(connection, "programme-merged", "'all'"), population.digest)
    events: defaultdict[Part, dict[str, tuple[int, int]]] = defaultdict(dict)
    for survey, year, partition, last, count in connection.execute(
        "SELECT survey, year, topic_partition, max(log_offset), count(*) FROM landing.event GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        if survey in catalogue.surveys() and year in catalogue.years(survey):
            events[survey, year][str(partition)] = (last, count)
    return {part: _state(catalogue, part, events, around) for part in sorted(events)}


def _events_of(connection: "DuckDBPyConnection", type_: str, key: str) -> dict[str, tuple[int, int]]:
    """How many administration events of a type there are, and the last of them, by key."""
    rows = connection.execute(
        f"SELECT {key}, count(*), max(log_offset) FROM landing.administration WHERE contains(type, $type) GROUP BY ALL",
        {"type": f".{type_}."},
    ).fetchall()
    return {name: (count, last) for name, count, last in rows}


def _state(
    catalogue: Definitions, part: Part, events: Mapping[Part, Mapping[str, tuple[int, int]]], around: _Around
) -> _State:
    survey, year = part
    earlier = {
        then: events[survey, then] for then in catalogue.years(survey) if then < year and (survey, then) in events
    }
    q = catalogue.get(survey, year)
    seen = json.dumps([q.fingerprint, events[part], earlier, around.of(q), digest_of(survey)])
    position = {partition: last for partition, (last, _) in events[part].items()}
    return _State(blake2s(seen.encode()).hexdigest(), json.dumps(position))


def _dirty(connection: "DuckDBPyConnection", states: Mapping[Part, _State]) -> list[Part]:
    """What has changed since its last audit."""
    return _others(connection, "audited.part", states)


def _changed(connection: "DuckDBPyConnection", states: Mapping[Part, _State]) -> frozenset[Part]:
    """What is not as the publication in force has it: after a stop it may have been audited, and not been seen."""
    return frozenset(_others(connection, "audited.published_part", states))


def _former(connection: "DuckDBPyConnection", last: _Last, states: Mapping[Part, _State]) -> Former | None:
    """None of one that was recorded without the checksum of its file."""
    if not last.checksum:
        return None
    # What is audited is made anew too: what the audit says stands with it.
    return Former(last.path, last.checksum, _changed(connection, states).union(_dirty(connection, states)))


def _others(connection: "DuckDBPyConnection", table: str, states: Mapping[Part, _State]) -> list[Part]:
    rows = connection.execute(f"SELECT survey, year, seen FROM {table}").fetchall()
    seen = {(survey, year): before for survey, year, before in rows}
    return [part for part, state in states.items() if seen.get(part) != state.seen]


def _note(connection: "DuckDBPyConnection", made: list[str], states: Mapping[Part, _State]) -> None:
    parts = [{"survey": survey, "year": year, "seen": state.seen} for (survey, year), state in states.items()]
    with transaction(connection):
        connection.execute("DELETE FROM audited.publication")
        connection.execute("INSERT INTO audited.publication VALUES (?, ?, ?)", made)
        connection.execute("DELETE FROM audited.published_part")
        connection.register("published_now", table({"survey": "text", "year": "whole", "seen": "text"}, parts))
        connection.execute("INSERT INTO audited.published_part BY NAME FROM published_now")
    connection.unregister("published_now")


def _ground(connection: "DuckDBPyConnection", catalogue: Definitions, population: PopulationTable) -> str:
    """What every part stands on: definitions, units, rounds and programmes, inhabitants, and the product itself."""
    row = connection.execute("SELECT count(*), max(log_offset) FROM landing.administration").fetchall()
    stands_on = [row, declarations(catalogue).digest, population.digest, product()]
    return blake2s(json.dumps(stands_on).encode()).hexdigest()


def _made_of(connection: "DuckDBPyConnection", ground: str, states: Mapping[Part, _State]) -> str:
    positions = connection.execute("SELECT * FROM landing.position ORDER BY ALL").fetchall()
    replayed = connection.execute("SELECT count(replayed_at), count(*) FROM landing.dead_letter").fetchall()
    parts = [(*part, state.seen) for part, state in states.items()]
    return blake2s(json.dumps([positions, replayed, parts, ground]).encode()).hexdigest()


def _last(connection: "DuckDBPyConnection", settings: "Settings") -> "_Last | None":
    """The publication in force; None when there is none, it is not recorded, or of something else."""
    row = connection.execute("SELECT publish_id, made_of, ground FROM audited.publication").fetchone()
    in_force = last_record(settings.data_dir)
    if row is None or in_force is None or row[0] != in_force.publish_id:
        return None
    path = marts_dir(settings.data_dir) / f"{in_force.publish_id}.duckdb"
    return _Last(path, in_force.checksum, row[1], row[2])


def remember(
    connection: "DuckDBPyConnection",
    states: Mapping[Part, _State],
    verdicts: Mapping[Part, list[Result]],
    now: datetime,
) -> None:
    """Keeps the results of these parts in place of their former ones, and which of them are held."""
    with transaction(connection):
        for part, results in verdicts.items():
            connection.execute("DELETE FROM audited.result WHERE survey = ? AND year = ?", list(part))
            _insert_part(connection, part, states[part], _held(results), now)
        connection.register("audited_now", table(RESULT, (_row(one) for each in verdicts.values() for one in each)))
        connection.execute("INSERT INTO audited.result BY NAME FROM audited_now")
        note_changes(connection)
    connection.unregister("audited_now")


def _insert_part(connection: "DuckDBPyConnection", part: Part, state: _State, held: Text | None, now: datetime) -> None:
    """A part that is held keeps the good position it had."""
    connection.execute(
        """
        INSERT INTO audited.part VALUES ($survey, $year, $seen, $position, $sv, $en, $now)
        ON CONFLICT DO UPDATE SET
            seen = excluded.seen, held_sv = excluded.held_sv, held_en = excluded.held_en,
            audited_at = excluded.audited_at, good_position = coalesce(excluded.good_position, good_position)
        """,
        {
            "survey": part[0],
            "year": part[1],
            "seen": state.seen,
            "position": None if held else state.position,
            "sv": held.sv if held else None,
            "en": held.en if held else None,
            "now": now,
        },
    )


def _held(results: Iterable[Result]) -> Text | None:
    """Why a part is held; None when every critical expectation holds."""
    critical = [one for one in results if one.severity == "critical" and not one.success]
    if not critical:
        return None
    first, many = critical[0].meaning, len(critical)
    return Text(sv=texts.HELD.sv.format(many, first.sv), en=texts.HELD.en.format(many, first.en))


def _row(one: Result) -> dict[str, object]:
    return {
        **{name: getattr(one, name) for name in RESULT if hasattr(one, name)},
        "expectation_sv": one.meaning.sv,
        "expectation_en": one.meaning.en,
        "check_id": one.check,
        "column_name": one.column,
        "reason_sv": one.reason.sv if one.reason else None,
        "reason_en": one.reason.en if one.reason else None,
    }
