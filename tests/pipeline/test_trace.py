"""Provenance both ways: a figure and the events it came from, an event and the figures it feeds, a receipt proved."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from infra.published import connect_current
from pipeline.consume import Consumer
from pipeline.errors import AmbiguousOrigin, ReceiptDiffers, UnknownOrigin
from pipeline.publish import prepare_state, publish
from pipeline.trace import answer_of, trace_answer, trace_figure
from pipeline.trace_event import Around, trace_event
from pipeline.trace_names import NamedAnswer, NamedFigure, figure_name, named
from pipeline.trace_queries import rows
from pipeline.traced import AnswerTrace, EventTrace, FigureTrace
from tests.pipeline.build import NOON, Definitions, event, warehouse
from tests.pipeline.published import indicator
from tests.surveys.build import item, options, questionnaire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Q = questionnaire(
    item("lage", "one_of", options=options("i_drift", "utreds"), missing_allowed=["dont_know"]),
    item("enheter", when={"item": "lage", "is": "i_drift"}),
    item("patienter", split_by_sex=True, suppress_below=5),
    item("team", "roster", items=[item("namn", "text"), item("antal")]),
    checks=[{"id": "enheter.fler", "kind": "range", "item": "enheter", "min": 2, "severity": "soft"}],
    indicators=[
        indicator(
            "andel",
            numerator={"kind": "count_units", "where": {"item": "lage", "is": "i_drift"}},
            denominator={"kind": "all_units"},
            scale=100,
        ),
        indicator("patienter", numerator={"kind": "sum", "items": ["patienter"]}, by_sex=True),
        indicator("per_lage", numerator={"kind": "count_units"}, breakdown="lage"),
        indicator(
            "stora", numerator={"kind": "count_rows", "roster": "team", "where": {"item": "antal", "at_least": 3}}
        ),
        indicator("namn", numerator={"kind": "count_distinct", "roster": "team", "of": "namn"}),
    ],
)


def team(*sizes: int) -> list[dict[str, Any]]:
    return [{"namn": f"lag {size}", "antal": size} for size in sizes]


def said(unit: str, number: int, lage: str = "i_drift", **more: Any) -> bytes:
    answers = {"lage": lage, "patienter": {"K": 20, "M": 30, "T": 50}, "team": team(2, 5), **more.pop("answers", {})}
    data = {"survey": Q.survey, "year": Q.year, "unit": unit, "questionnaire": Q.fingerprint, "mode": "web"}
    data |= {"submission_id": f"s-{number}", "answers": answers} | more
    return event(data, NOON + timedelta(minutes=number))


class Traced:
    """A log that was landed and published, and one event after that."""

    def __init__(self, folder: Path) -> None:
        self.log = EmbeddedLog(folder / "log.sqlite")
        self.definitions = Definitions(Q)
        connection = warehouse(folder)
        prepare_state(connection)
        why: dict[str, Any] = {"explanations": {"enheter.fler": "Det andra stängdes."}}
        sent = [
            ("14", said("14", 0, "utreds")),
            ("14", said("14", 1, answers={"enheter": 1}, corrects="s-0", reason="Fel förut.", **why)),
            ("01", said("01", 2, answers={"lage": {"missing": "dont_know"}})),
            ("03", said("03", 3, answers={"enheter": 2, "patienter": {"K": 2, "M": 30, "T": 32}, "team": team(5, 7)})),
            ("04", said("04", 4, "nej")),
            ("03", said("03", 3, answers={"enheter": 2, "patienter": {"K": 2, "M": 30, "T": 32}, "team": team(5, 7)})),
            ("06", said("06", 6, "utreds", answers={"team": []})),
        ]
        self.log.append(RESPONSES, sent)
        consumer = Consumer(self.log, connection, self.definitions, lambda _c, _n: None, lambda: NOON)
        consumer.drain()
        consumer.close()
        publish(connection, folder, self.definitions, NOON)
        connection.close()
        self.log.append(RESPONSES, [("07", said("07", 7, "utreds"))])
        self.publication: DuckDBPyConnection = connect_current(folder)[1]

    def close(self) -> None:
        self.publication.close()
        self.log.close()

    def figure(self, name: str) -> FigureTrace:
        one = named(name, self.publication)
        assert isinstance(one, NamedFigure)
        return trace_figure(self.publication, one, lambda _submission: {})

    def answer(self, name: str) -> AnswerTrace:
        one = named(name, self.publication)
        assert isinstance(one, NamedAnswer)
        found = trace_answer(self.publication, one, lambda _submission: {})
        assert found is not None
        return found

    def event(self, name: str, checksum: str | None = None, receipt: str | None = None) -> EventTrace:
        around = Around(self.publication, self.log, self.definitions, lambda _id: {}, lambda _id: receipt)
        return trace_event(around, name, checksum)

    def names(self) -> list[str]:
        """Every published figure of the country, of who answered, and of two that did not."""
        sql = "SELECT *, FALSE AS many_kinds FROM indicator WHERE list_contains($units, unit_id)"
        units = ["00", "14", "01", "03", "06", "04", "07"]
        return [figure_name(row) for row in rows(self.publication, sql, units=units)]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    made = Traced(tmp_path_factory.mktemp("traced"))
    yield made
    made.close()


def test_a_figure_tells_each_unit_its_answers_and_where_they_lie(traced: Traced) -> None:
    found = traced.figure(f"{Q.survey}/{Q.year}/andel/00")
    units = {one.unit: one for one in found.units}
    assert len(units) == found.expected == 21
    assert (found.numerator, found.denominator) == (2, 21)
    changed = units["14"]
    assert changed.response is not None
    assert (changed.numerator, changed.response.position, changed.response.mode) == (1, "responses/0/1", "web")
    assert (changed.response.reason, changed.response.revision) == ("Fel förut.", 2)
    assert [(one.submission_id, one.position) for one in changed.earlier] == [("s-0", "responses/0/0")]
    assert [(one.item, one.value_code, one.role, one.counts) for one in changed.answers] == [
        ("lage", "i_drift", "condition", True)
    ]
    assert found.questionnaire == Q.fingerprint
    assert found.publication.watermarks == {0: 6}


def test_a_unit_that_does_not_count_is_named_with_why(traced: Traced) -> None:
    units = {one.unit: one for one in traced.figure(f"{Q.survey}/{Q.year}/andel/00").units}
    assert (units["01"].numerator, units["01"].denominator, units["01"].missing) == (None, 1, "dont_know")
    assert (units["04"].numerator, units["04"].missing) == (None, "unit_nonresponse")


def test_rows_of_a_roster_that_count_are_named(traced: Traced) -> None:
    units = {one.unit: one for one in traced.figure(f"{Q.survey}/{Q.year}/stora/00").units}
    assert (units["14"].numerator, units["14"].rows) == (1, (2,))
    assert (units["03"].numerator, units["03"].rows) == (2, (1, 2))
    assert {one.row: one.counts for one in units["14"].answers if one.item == "team.antal"} == {1: False, 2: True}


def test_a_distinct_value_is_counted_once_for_the_country(traced: Traced) -> None:
    found = traced.figure(f"{Q.survey}/{Q.year}/namn/00")
    used = {one.value_text for unit in found.units for one in unit.answers if one.role == "value" and one.counts}
    assert found.counted == "count_distinct"
    assert used == {"lag 2", "lag 5", "lag 7"}
    assert found.numerator == 3


def test_what_is_hidden_is_hidden_in_every_trace(traced: Traced) -> None:
    found = traced.figure(f"{Q.survey}/{Q.year}/patienter/00/K")
    assert len(found.units) == 21
    hidden = [one for one in found.units if one.missing == "suppressed"]
    assert {one.unit for one in hidden} >= {"03"}
    assert len(hidden) >= 2
    assert all(one.numerator is None and one.answers[0].shown == ".." for one in hidden)
    assert found.hidden is not None
    known = sum(one.numerator or 0 for one in found.units)
    assert found.hidden.numerator == (found.numerator or 0) - known
    answers = traced.event("s-3").answers
    assert {one.shown for one in answers if one.item == "patienter" and one.sex == "K"} == {".."}


def test_a_corrected_event_shows_no_number_that_could_be_hidden_and_no_text(traced: Traced) -> None:
    found = traced.event("s-0")
    assert found.state == "superseded"
    assert found.superseded_by is not None
    assert found.superseded_by.submission_id == "s-1"
    assert found.figures == ()
    shown = {(one.item, one.sex): one.shown for one in found.answers if one.row is None}
    assert shown["lage", None] == "utreds"
    assert shown["patienter", "K"] == ".."
    texts = [one for one in found.answers if one.item == "team.namn"]
    assert [one.shown for one in texts] == ["..", ".."]  # a text that was taken back


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("responses/0/1", "current"),
        ("s-1", "current"),
        ("event-s-1", "current"),
        ("s-0", "superseded"),
        ("s-4", "parked"),
        ("responses/0/5", "repeated"),
        ("s-7", "waiting"),
        ("responses/0/7", "waiting"),
    ],
)
def test_an_event_says_what_became_of_it(traced: Traced, name: str, state: str) -> None:
    assert traced.event(name).state == state


def test_a_parked_event_tells_its_dead_letter(traced: Traced) -> None:
    letter = traced.event("event-s-4").letter
    assert letter is not None
    assert (letter.letter, letter.pointer) == ("responses/0/4", "/data/answers/lage")


def test_an_event_tells_its_soft_checks_with_explanations(traced: Traced) -> None:
    assert [(one.check, one.explanation) for one in traced.event("s-1").checks] == [
        ("enheter.fler", "Det andra stängdes.")
    ]


def test_both_directions_agree_over_a_whole_survey(traced: Traced) -> None:
    figures = {name: traced.figure(name) for name in traced.names()}
    behind = {(name, unit.response.event_id) for name, one in figures.items() for unit in one.units if unit.response}
    events = [traced.event(f"responses/0/{offset}") for offset in range(8)]
    fed = {(figure.name, one.event_id) for one in events for figure in one.figures}
    assert fed == behind
    assert len({event for _, event in fed}) == 4
    counts = {(figure.name, one.event_id): figure.counts for one in events for figure in one.figures}
    for name, figure in figures.items():
        for unit in figure.units:
            if unit.response is not None:
                adds = unit.numerator is not None or unit.denominator is not None or unit.missing == "suppressed"
                assert counts[name, unit.response.event_id] is adds


def test_an_answer_tells_its_response_and_the_figures_that_look_at_it(traced: Traced) -> None:
    found = traced.answer(f"{Q.survey}/{Q.year}/14/enheter")
    assert [one.shown for one in found.answers] == ["1"]
    assert [one.explanation for one in found.answers] == ["Det andra stängdes."]
    assert found.response.submission_id == "s-1"
    assert found.figures == ()
    [change] = traced.answer(f"{Q.survey}/{Q.year}/14/lage").changes
    assert (change.before, change.after, change.reason, change.position) == (
        "utreds", "i_drift", "Fel förut.", "responses/0/1",
    )  # fmt: skip
    looked_at = traced.answer(f"{Q.survey}/{Q.year}/14/lage").figures
    assert set(looked_at) >= {f"{Q.survey}/{Q.year}/andel/14", f"{Q.survey}/{Q.year}/per_lage/14/i_drift"}


def test_an_answer_is_told_the_cell_of_its_own_part(traced: Traced) -> None:
    cells = {
        ("grupper", None, "barn"): ("Om", "C4"),
        ("grupper", None, "vuxna"): ("Om", "C5"),
        ("patienter", None, "K"): ("Om", "C6"),
        ("team.namn", 2, ""): ("Team", "B4"),
    }
    none = dict.fromkeys(("value_number", "value_text", "value_code", "missing", "explanation"))

    def cell(item_id: str, row_no: int | None = None, sex: str | None = None, code: str | None = None) -> str | None:
        row = {**none, "item_id": item_id, "row_no": row_no, "sex": sex, "value_code": code}
        return answer_of(row, cells).cell

    assert cell("grupper", 2, code="vuxna") == "C5"
    assert cell("patienter", sex="K") == "C6"
    assert cell("patienter", sex="M") is None
    assert (cell("team.namn", 2), cell("team.namn", 1)) == ("B4", None)


def test_a_receipt_is_proved_by_the_content_of_the_log(traced: Traced) -> None:
    checksum = traced.event("s-1").checksum
    assert checksum is not None
    assert traced.event("s-1", checksum=checksum).receipt == checksum
    assert traced.event(checksum).position == "responses/0/1"
    assert traced.event("s-1", receipt=checksum).receipt == checksum


def test_a_receipt_that_is_not_what_the_log_holds_is_refused(traced: Traced) -> None:
    other = traced.event("s-2").checksum
    with pytest.raises(ReceiptDiffers) as refused:
        traced.event("s-1", checksum=other)
    assert refused.value.position == "responses/0/1"
    with pytest.raises(ReceiptDiffers):
        traced.event("s-1", receipt=other)
    with pytest.raises(UnknownOrigin):
        traced.event("sha256:" + 64 * "0")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        (f"{Q.survey}/{Q.year}/andl/00", ("andel",)),
        (f"{Q.survey}/{Q.year}/14/enhter", ("enheter",)),
        (f"{Q.survey}/{Q.year}/per_lage/00/i_drif", ("i_drift",)),
        (f"{Q.survey}/1999/andel/00", (str(Q.year),)),
    ],
)
def test_an_unknown_name_is_told_the_nearest_known_ones(traced: Traced, name: str, nearest: tuple[str, ...]) -> None:
    with pytest.raises(UnknownOrigin) as refused:
        named(name, traced.publication)
    assert refused.value.nearest[:1] == nearest


def test_a_name_of_several_figures_is_told_all_of_them(traced: Traced) -> None:
    with pytest.raises(AmbiguousOrigin) as refused:
        named(f"{Q.survey}/{Q.year}/per_lage/00", traced.publication)
    assert refused.value.candidates == tuple(
        f"{Q.survey}/{Q.year}/per_lage/00/{code}" for code in ("i_drift", "utreds")
    )


def test_a_position_that_the_log_does_not_have_is_unknown(traced: Traced) -> None:
    with pytest.raises(UnknownOrigin):
        traced.event("responses/0/8")
    with pytest.raises(UnknownOrigin) as refused:
        traced.event("event-s-11")
    assert "event-s-1" in refused.value.nearest
