"""How a figure is written and said, in the same words on a page and on a slide."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboards import format, metrics
from dashboards.ranking import Rank
from dashboards.ranking_shown import is_settled, names_at, place_text, units_of
from dashboards.records import Figure, Measure, Survey
from dashboards.texts import Words

CHILDREN = "bup_"  # child psychiatry's figures are of girls and boys


def amount(value: float, measure: Measure, words: Words) -> str:
    """The value as the measure is written: decimals, per cent sign."""
    return format.quantity(value, measure.decimals, measure.is_percent, words.language)


def written(figure: Figure, measure: Measure, words: Words, yes_or_no: bool = False) -> str:
    """The figure's value; its sign when it is missing; yes or no where there is nothing between."""
    if figure.value is None:
        return sign_of(figure)
    if yes_or_no:
        return words("yes" if metrics.is_yes(figure) else "no")
    return amount(figure.value, measure, words)


def reason_of(figure: Figure, words: Words) -> str:
    """Why a value is missing, in words."""
    return words(f"missing_{figure.missing or 'item_nonresponse'}")


def sign_of(figure: Figure) -> str:
    """Why a value is missing, as Kolada's sign."""
    return format.SIGNS[figure.missing or "item_nonresponse"]


def sex_name(measure: str, sex: str, words: Words) -> str:
    """Totalt, Kvinnor, Män; of children Flickor, Pojkar."""
    if sex != "T" and measure.startswith(CHILDREN):
        return words(f"sex_{sex}_children")
    return words(f"sex_{sex}")


def remarks_about(survey: Survey, words: Words) -> list[str]:
    """What a reader must know about a part: its content is held, or its round is still open."""
    said = []
    if survey.held_reason:
        said.append(words("held_part", reason=survey.held_reason))
    if survey.state == "open":
        said.append(words("open_warning", answered=survey.answered, expected=survey.expected))
    return said


def facts_about(survey: Survey, measure: Measure, kind: str, as_of: datetime, words: Words) -> list[tuple[str, str]]:
    """Definition, base, source, period and as-of of what is shown, each with its name."""
    return [
        (words("definition"), measure.definition),
        (words("base"), measure.base or words("item_base", units=words(f"units_{kind}"))),
        (words("counted_in"), measure.unit),
        (words("reference_period"), survey.reference_period),
        (words("source"), measure.source),
        (words("as_of"), format.moment(as_of, words.language)),
    ]


def reference_label(reference: metrics.Reference, measure: Measure, words: Words) -> str:
    """What the bars are held against, with its value."""
    return f"{words('country' if reference.is_country else 'median')} {amount(reference.value, measure, words)}"


def say_yes_and_no(
    measure: Measure, present: list[Figure], shown: list[Figure], figures: list[Figure], kind: str, words: Words
) -> str:
    """The sentence under figures that are all or nothing: how many yes, the country, the coverage."""
    return " ".join([say_split(measure, present, figures, words), say_coverage(shown, kind, words)])


def say_split(measure: Measure, present: list[Figure], figures: list[Figure], words: Words) -> str:
    """How many of those `present` say yes and how many no, and the country."""
    yes = sum(metrics.is_yes(each) for each in present)
    said = words("yes_no_say", yes=yes, answered=len(present), no=len(present) - yes)
    return " ".join([said, say_country(measure, figures, present, words)])


def say_numbers(
    measure: Measure,
    present: list[Figure],
    shown: list[Figure],
    figures: list[Figure],
    marked: str,
    kind: str,
    places: Mapping[str, Rank],
    words: Words,
) -> str:
    """The sentence under figures of a measure: highest and lowest, the country, the `marked` unit, the coverage.

    `present` are those of `shown` with a value, ranked; `figures` all that the measure has.
    """
    said = [
        say_order(measure, present, figures, kind, places, words),
        say_marked(measure, shown, marked, places.get(marked), words),
        say_coverage(shown, kind, words),
    ]
    return " ".join(filter(None, said))


def say_order(
    measure: Measure,
    present: list[Figure],
    figures: list[Figure],
    kind: str,
    places: Mapping[str, Rank],
    words: Words,
) -> str:
    """Highest and lowest of those `present`, which are ranked, and the country; so far, where places can move."""
    said = [
        "" if is_settled(places.values()) else words("so_far"),
        _say_ends(measure, present, kind, words),
        say_country(measure, figures, present, words),
    ]
    return " ".join(filter(None, said))


def _say_ends(measure: Measure, present: list[Figure], kind: str, words: Words) -> str:
    highest, lowest = present[0], present[-1]
    highest_value, lowest_value = (amount(each.value or 0, measure, words) for each in (highest, lowest))
    if len(present) > 1 and highest_value == lowest_value:
        return words("all_equal_say", value=highest_value)
    return words(
        "bars_say_one" if len(present) == 1 else "bars_say" if measure.direction == "none" else "bars_say_better",
        highest=names_at(present, highest, measure, kind, words),
        highest_value=highest_value,
        lowest=names_at(present, lowest, measure, kind, words),
        lowest_value=lowest_value,
    )


def say_country(measure: Measure, figures: list[Figure], present: list[Figure], words: Words) -> str:
    """The country's figure; the median of those shown where a measure has none."""
    country = metrics.country(figures)
    if measure.is_indicator and country is not None and country.value is not None:
        return words("country_say", value=amount(country.value, measure, words))
    reference = metrics.reference(measure, figures, present)
    return words("median_say", value=amount(reference.value, measure, words)) if reference else ""


def say_marked(measure: Measure, shown: list[Figure], unit: str, rank: Rank | None, words: Words) -> str:
    """A unit's value and place, or why it has none; nothing when it is not among those shown."""
    marked = next((each for each in shown if each.unit_id == unit), None)
    if marked is None:
        return ""
    if rank is None or marked.value is None:
        return words("marked_missing_say", name=marked.name, reason=reason_of(marked, words))
    value = amount(marked.value, measure, words)
    return words("marked_say", name=marked.name, value=value, place=place_text(rank, words))


def say_choices(measure: Measure, country: list[Figure], shown: list[Figure], kind: str, words: Words) -> str:
    """The sentence under categories: which is the commonest in the country, of how many, and the coverage."""
    return " ".join(filter(None, [say_commonest(measure, country, words), say_coverage(shown, kind, words)]))


def say_commonest(measure: Measure, country: list[Figure], words: Words) -> str:
    """Which category is the commonest in the country, and of how many; nothing where there is none."""
    if not country:
        return ""
    most = max(country, key=lambda each: each.value or 0)
    # A share's base is what it was divided by, which may be more than those who answered the question.
    base = format.whole(most.denominator or most.answered, words.language)
    of = words("choice_of", answered=base) if measure.is_percent else ""
    return words("choice_say", category=most.category_label, value=amount(most.value or 0, measure, words), of=of)


def say_coverage(shown: Sequence[Figure], kind: str, words: Words) -> str:
    """How many of those shown have a value."""
    units = {each.unit_id for each in shown}
    known = {each.unit_id for each in shown if each.value is not None}
    return words("coverage_say", answered=len(known), expected=len(units), units=units_of(shown, kind, words))
