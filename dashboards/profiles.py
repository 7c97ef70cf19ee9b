"""One unit's profile, the same on a page and on a slide: its figure, the country's, its place and the year before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboards import format, metrics
from dashboards.ranking_shown import Responded, place_text, ranks_of
from dashboards.records import Figure, Measure, Survey, YearOfMeasure
from dashboards.said import written
from dashboards.texts import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the profile: the unit's figure, the country's, those of its level, and the year before."""

    measure: Measure
    own: Figure | None
    country: Figure | None
    peers: list[Figure]
    before: Figure | None
    before_year: int
    is_comparable: bool

    @property
    def is_yes_or_no(self) -> bool:
        return metrics.is_yes_or_no(self.peers)


def line_of(
    measure: Measure,
    year: int,
    unit: str,
    level: str,
    years: Sequence[YearOfMeasure],
    figures_in: Callable[[int], list[Figure]],
) -> Line:
    """The line of a unit at its level. `years` are those of the measure; `figures_in` gives what it has in one."""
    earlier = [each.year for each in years if each.year < year]
    this_year = next((each for each in years if each.year == year), None)
    figures = metrics.of_sex(figures_in(year), "T")
    before = metrics.of_sex(figures_in(earlier[-1]), "T") if earlier else []
    peers = metrics.at_level(figures, level)
    return Line(
        measure,
        _of_unit(peers, unit),
        metrics.country(figures),
        peers,
        _of_unit(metrics.at_level(before, level), unit),
        earlier[-1] if earlier else 0,
        this_year is not None and this_year.comparable,
    )


def can_be_compared(line: Line) -> bool:
    """With the country: both have a value, and the country's is not a sum of the units'."""
    known = line.own is not None and line.own.value is not None
    return (
        known and line.country is not None and line.country.value is not None and line.country.denominator is not None
    )


def say_profile(name: str, lines: Sequence[Line], words: Words) -> str:
    """In how many measures the unit is above the country."""
    compared = [line for line in lines if can_be_compared(line)]
    above = sum(_value(line.own) > _value(line.country) for line in compared)
    if not compared:
        return words("profile_say_none", name=name)
    return words("profile_say", name=name, above=above, of=len(compared))


def place_among(line: Line, survey: Survey, responded: Responded, words: Words) -> str:
    """The unit's place among those of its level, or those it may get; nothing where there is nothing to rank."""
    if line.own is None:
        return ""
    return place_text(ranks_of(survey, line.measure, line.peers, responded).get(line.own.unit_id), words)


def say_before(line: Line, words: Words) -> str:
    """The figure of the nearest earlier year, which year that is, and the change since."""
    if line.before is None:
        return ""
    shown = f"{line.before_year}: {written(line.before, line.measure, words, line.is_yes_or_no)}"
    if line.before.value is None or line.is_yes_or_no:
        return shown
    if not line.is_comparable:
        return f"{shown} ({words('not_comparable')})"
    if line.own is None or line.own.value is None:
        return shown
    measure, difference = line.measure, line.own.value - line.before.value
    return f"{shown} ({format.change(difference, measure.decimals, measure.is_percent, words.language)})"


def names_its_unit(measure: Measure) -> bool:
    """Whether the label says what the figures are counted in."""
    return measure.is_percent or measure.unit.casefold() in measure.label.casefold()


def _of_unit(figures: list[Figure], unit: str) -> Figure | None:
    return next((each for each in figures if each.unit_id == unit), None)


def _value(figure: Figure | None) -> float:
    return figure.value if figure is not None and figure.value is not None else 0.0
