"""Whether a hand-written expectation fits what a year asks: a name that fits nothing would hold of nothing."""

from collections.abc import Iterator

from pipeline.expectation_kinds import (
    AnyExpected,
    CategoriesAddUp,
    Coverage,
    Distribution,
    KeptAnswering,
    KnownProgrammes,
    NationalLevel,
    NearPublished,
    NoStepBack,
    PartsAddUp,
    PerInhabitant,
    Ratio,
    RoundNumbers,
    ShareOfCountry,
)
from surveys.indicators import Indicator
from surveys.published_figures import published_figures
from surveys.questionnaire import NUMERIC, Questionnaire
from surveys.units import reference_units

COUNTS_ADD_UP = ("count_units", "count_rows", "sum")
OfIndicator = NationalLevel | NearPublished | CategoriesAddUp | PartsAddUp


def misfits(one: AnyExpected, q: Questionnaire) -> Iterator[str]:
    """What the expectation names that the questionnaire does not have, or not in that form."""
    match one:
        case NationalLevel() | NearPublished() | CategoriesAddUp() | PartsAddUp():
            yield from _of_indicator(one, q)
        case Ratio(of=of, to=to):
            yield from (told for name in (of, to) for told in _number(name, q))
        case ShareOfCountry(item=name, unit=unit):
            yield from _number(name, q)
            if unit not in _known_units():
                yield f"there is no unit {unit} in the register"
        case PerInhabitant(item=name) | RoundNumbers(item=name):
            yield from _number(name, q)
        case Distribution(item=name):
            yield from _choice(name, (), q)
        case NoStepBack(item=name, before=before, now=now):
            yield from _choice(name, (*before, *now), q)
        case KnownProgrammes(item=name):
            yield from _registered(name, q)
        case Coverage(units=units) | KeptAnswering(units=units):
            if units not in q.respondents:
                yield f"{units} is not asked"


def _of_indicator(one: OfIndicator, q: Questionnaire) -> Iterator[str]:
    found = next((indicator for indicator in q.indicators if indicator.id == one.indicator), None)
    if found is None:
        yield f"there is no indicator {one.indicator}"
        return
    match one:
        case NationalLevel(category=category):
            yield from _category(category, found, q)
        case CategoriesAddUp():
            if found.breakdown is None:
                yield f"{one.indicator} has no categories"
        case PartsAddUp():
            if found.numerator.kind not in COUNTS_ADD_UP:
                yield f"{one.indicator} counts different values: parts of it do not add up"
        case NearPublished():
            published = (each for each in published_figures() if each.mapping == q.survey and each.value is not None)
            if not any(each.indicator_id == one.indicator and each.as_of is None for each in published):
                yield f"nothing has been published of {one.indicator}"


def _category(category: str, found: Indicator, q: Questionnaire) -> Iterator[str]:
    if bool(category) != (found.breakdown is not None):
        yield f"{found.id} {'has no categories' if category else 'needs a category'}"
    elif found.breakdown is not None:
        item = q.items[found.breakdown]
        if item.options and item.option(category) is None:
            yield f"{found.id} has no category {category}"


def _number(name: str, q: Questionnaire) -> Iterator[str]:
    item = q.items.get(name)
    if item is None:
        yield f"there is no item {name}"
    elif (item.type not in NUMERIC and item.type != "roster") or "." in name:
        yield f"{name} is no number of a unit"


def _choice(name: str, codes: tuple[str, ...], q: Questionnaire) -> Iterator[str]:
    item = q.items.get(name)
    if item is None:
        yield f"there is no item {name}"
    elif not item.options:
        yield f"{name} has no options"
    else:
        yield from (f"{name} has no option {code}" for code in codes if item.option(code) is None)


def _registered(name: str, q: Questionnaire) -> Iterator[str]:
    roster = q.items.get(name.split(".")[0])
    if name not in q.items:
        yield f"there is no item {name}"
    elif roster is None or roster.register_name is None or q.items[name].type != "text":
        yield f"{name} is not drawn from a register"


def _known_units() -> set[str]:
    return {unit.unit_id for unit in reference_units()}
