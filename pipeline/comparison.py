"""Published figures beside what the answers come to: whether they are reproduced, and on what base."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from infra.published import connect_current
from infra.warehouse import connect
from pipeline.mart import submitted_until
from pipeline.publish import prepare_state, publish
from surveys.catalogue import load_catalogue
from surveys.messages import written
from surveys.published_figures import PublishedFigure, published_figures
from surveys.rounds import end_of
from surveys.units import COUNTRY

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What a precision is called where the figure is printed.
WORDS = {"exact": "", "rounded": "", "cirka": "cirka ", "omkring": "omkring ", "over": "över ", "drygt": "drygt "}

_FIGURE = """
SELECT value, category, category_sv, numerator, denominator, answered, expected FROM indicator
WHERE indicator_id = $indicator AND survey = $survey AND year = $year AND unit_id = $country AND unit_kind = $kind
    AND sex = $sex AND value IS NOT NULL
ORDER BY value DESC, category
"""
_RATE = """
SELECT expected, answered FROM response_rate
WHERE survey = $survey AND year = $year AND region_code = $country AND unit_kind = $kind
"""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a publication says in place of a published figure: `value`, or the `name` of the largest category.

    `numerator` over `denominator` is how it came about; `answered` of `expected` units are behind it.
    """

    value: float
    category: str
    name: str | None
    numerator: float
    denominator: float | None
    answered: int
    expected: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure and what was computed for it; None when the publication has no such figure."""

    figure: PublishedFigure
    computed: Computed | None

    @property
    def holds(self) -> bool:
        """Whether what was computed is what was published, within its precision."""
        if self.computed is None:
            return False
        if self.figure.value is None:
            return self.computed.category == self.figure.category
        return self.figure.reproduced_by(self.computed.value)

    def as_printed(self) -> dict[str, str]:
        """The row of a table, in Swedish."""
        figure, computed = self.figure, self.computed
        return {
            "mapping": figure.mapping,
            "period": figure.period + (f" (t.o.m. {figure.as_of})" if figure.as_of else ""),
            "measure": figure.measure.sv,
            "published": WORDS[figure.precision] + _of_figure(figure),
            "computed": "" if computed is None else _of_computed(figure, computed),
            "from": "" if computed is None else _from(computed),
            "units": "" if computed is None else f"{computed.answered}/{computed.expected}",
            "base": figure.base.sv,
            "holds": "ja" if self.holds else "NEJ",
        }


def compare_published(data_dir: Path) -> list[Compared]:
    """Every published figure that is to be computed, beside what the publication in force says, in their own order.

    A figure that was revised later is looked up in a publication as of its day, made from the warehouse for the time
    it takes. Raises NothingPublished, and WarehouseLocked when a pipeline runs.
    """
    wanted = [figure for figure in published_figures() if figure.treated == "computed"]
    by_day: dict[date | None, list[PublishedFigure]] = defaultdict(list)
    for figure in wanted:
        by_day[figure.as_of].append(figure)
    found = {}
    for day, figures in by_day.items():
        with _publication(data_dir, day) as publication:
            found.update({id(figure): _computed(publication, figure) for figure in figures})
    return [Compared(figure, found[id(figure)]) for figure in wanted]


@contextmanager
def _publication(data_dir: Path, day: date | None) -> "Iterator[DuckDBPyConnection]":
    """The publication in force, or one of what had been submitted when that day ended."""
    if day is None:
        _, publication = connect_current(data_dir)
        with publication:
            yield publication
        return
    with TemporaryDirectory() as folder:
        _publish_as_of(data_dir, day, Path(folder))
        _, publication = connect_current(Path(folder))
        with publication:
            yield publication


def _publish_as_of(data_dir: Path, day: date, into: Path) -> None:
    last = end_of(day) - timedelta(microseconds=1)
    with connect(data_dir / "warehouse.duckdb") as warehouse:
        prepare_state(warehouse)
        publish(warehouse, into, load_catalogue(), datetime.now(UTC), submitted_until(last))


def _computed(publication: "DuckDBPyConnection", figure: PublishedFigure) -> Computed | None:
    part = {"survey": figure.mapping, "year": figure.year, "country": COUNTRY, "kind": figure.unit_kind}
    if figure.category in ("expected", "answered"):
        counted = publication.execute(_RATE, part).fetchone()
        return None if counted is None else _count(figure.category, *counted)
    asked = {**part, "indicator": figure.indicator_id, "sex": figure.sex}
    rows = [Computed(*row) for row in publication.execute(_FIGURE, asked).fetchall()]
    if figure.value is not None:
        rows = [row for row in rows if row.category == (figure.category or "")]
    return rows[0] if rows else None


def _count(which: str, expected: int, answered: int) -> Computed:
    count = expected if which == "expected" else answered
    return Computed(count, which, None, count, None, answered, expected)


def _of_figure(figure: PublishedFigure) -> str:
    if figure.value is None:
        return figure.text_value.sv if figure.text_value else ""
    return f"{_number(figure.value)} {figure.unit_of_measure.sv}"


def _of_computed(figure: PublishedFigure, computed: Computed) -> str:
    if figure.value is None:
        return f"{computed.name} ({_number(computed.value)})"
    return f"{_number(round(computed.value, 2))} {figure.unit_of_measure.sv}"


def _from(computed: Computed) -> str:
    if computed.denominator is None:
        return _number(computed.numerator)
    return f"{_number(computed.numerator)} / {_number(round(computed.denominator))}"


def _number(number: float) -> str:
    return str(written(int(number) if float(number).is_integer() else number, "sv"))
