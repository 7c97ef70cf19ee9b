"""What the pages say about figures: order, place, coverage, the country beside, and change over time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from dashboards.records import Figure, Measure, YearOfMeasure
from surveys.units import COUNTRY, swedish_key

# A share of all categories adds up to this, give or take rounding and those who chose several.
WHOLE_PERCENT = 100.0
# More decimals than any measure is written with: values as they are.
EXACT = 12


@dataclass(frozen=True, slots=True)
class Reference:
    """What the bars are held against: the country's figure, or the median of those shown."""

    value: float
    is_country: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """From one year to the next; `crosses_break` when the question changed between them."""

    since: int
    until: int
    before: float
    after: float
    crosses_break: bool

    @property
    def value(self) -> float:
        return self.after - self.before


def of_sex(figures: Iterable[Figure], sex: str) -> list[Figure]:
    """The figures of one sex (T both)."""
    return [figure for figure in figures if figure.sex == sex]


def at_level(figures: Iterable[Figure], level: str, region: str | None = None) -> list[Figure]:
    """The figures of one level, of one region's units only when it is given."""
    return [each for each in figures if each.level == level and region in (None, each.region_code)]


def country(figures: Iterable[Figure], category: str = "") -> Figure | None:
    """The country's figure."""
    return next((each for each in figures if each.unit_id == COUNTRY and each.category == category), None)


def ranked(figures: Iterable[Figure], direction: str = "none", decimals: int = EXACT) -> list[Figure]:
    """Highest first (lowest first where lower is better), equal values by name; those without a value last.

    Values are equal when they are written alike, with so many decimals.
    """
    return sorted(
        figures,
        key=lambda each: (
            each.value is None,
            ranking_key(each.value or 0, direction, decimals),
            swedish_key(each.name),
        ),
    )


def ranking_key(value: float, direction: str, decimals: int) -> float:
    """Smaller for what comes earlier; the same for values that are written alike."""
    return (1 if direction == "lower_better" else -1) * round(value, decimals)


def reference(measure: Measure, figures: Iterable[Figure], shown: Sequence[Figure]) -> Reference | None:
    """What to hold the bars against; None when nobody has a value.

    A number without a base adds up over the country: there the median of those shown stands in.
    """
    of_country = country(figures)
    has_base = of_country is not None and of_country.denominator is not None
    if measure.is_indicator and has_base and of_country is not None and of_country.value is not None:
        return Reference(of_country.value, True)
    values = [each.value for each in shown if each.value is not None]
    return Reference(median(values), False) if values else None


def coverage(figures: Iterable[Figure]) -> tuple[int, int]:
    """How many of them have a value, and how many they are."""
    all_of_them = list(figures)
    return sum(each.value is not None for each in all_of_them), len(all_of_them)


def is_yes_or_no(figures: Iterable[Figure]) -> bool:
    """Whether every value is all or nothing: then there is nothing to rank."""
    values = [each for each in figures if each.value is not None]
    return bool(values) and all(
        each.numerator in (0, 1) and each.denominator in (None, 1) and each.value in (0, 1, WHOLE_PERCENT)
        for each in values
    )


def is_yes(figure: Figure) -> bool:
    """Whether an all-or-nothing figure is all."""
    return bool(figure.value)


def adds_up(figures: Iterable[Figure]) -> bool:
    """Whether the categories of each unit are parts of one whole of 100 per cent."""
    sums: defaultdict[str, float] = defaultdict(float)
    for each in figures:
        sums[each.unit_id] += each.value or 0
    present = [total for total in sums.values() if total]
    return bool(present) and all(abs(total - WHOLE_PERCENT) < 1 for total in present)


def missing_reasons(figures: Iterable[Figure]) -> dict[str, int]:
    """How many lack a value, by reason, the commonest first."""
    return dict(Counter(each.missing for each in figures if each.missing).most_common())


def tone(figure: Figure, held_against: Reference | None, direction: str) -> str:
    """better or worse than the country where the indicator has a direction, else plain."""
    if direction == "none" or held_against is None or not held_against.is_country or figure.value is None:
        return "plain"
    is_better = figure.value >= held_against.value
    if direction == "lower_better":
        is_better = figure.value <= held_against.value
    return "better" if is_better else "worse"


def segments(years: Sequence[YearOfMeasure], apart: Collection[int] = ()) -> dict[int, int]:
    """Each year's unbroken stretch: a line is drawn within one, never across a break.

    The years `apart` stand each by itself: few have answered a round that is still open.
    """
    stretch, found = 0, {}
    for position, year in enumerate(years):
        alone = year.year in apart or (position > 0 and years[position - 1].year in apart)
        stretch += position > 0 and (alone or not year.comparable)
        found[year.year] = stretch
    return found


def breaks(years: Sequence[YearOfMeasure]) -> list[YearOfMeasure]:
    """The years that cannot be compared with the nearest earlier one; the first year has none."""
    return [year for year in years[1:] if not year.comparable]


def series(figures_by_year: Mapping[int, list[Figure]], unit: str, level: str) -> list[tuple[int, float]]:
    """The years and values of one unit, earliest first, without those that are missing."""
    found = []
    for year, figures in sorted(figures_by_year.items()):
        value = next((each.value for each in at_level(figures, level) if each.unit_id == unit), None)
        if value is not None:
            found.append((year, value))
    return found


def difference(series: Sequence[tuple[int, float]], stretches: dict[int, int]) -> Difference | None:
    """From the first year with a value to the last; None with fewer than two."""
    if len(series) < 2:
        return None
    (since, before), (until, after) = series[0], series[-1]
    return Difference(since, until, before, after, stretches.get(since) != stretches.get(until))
