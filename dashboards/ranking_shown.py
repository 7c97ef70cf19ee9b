"""How places are written: one place, a shared one, or those that are possible while answers are still coming."""

from collections.abc import Iterable, Mapping, Sequence

from dashboards import metrics
from dashboards.ranking import Rank, ranks, unsettled
from dashboards.records import Figure, Measure, Survey
from dashboards.texts import Words

# Of each region, how many units have responded, of how many.
Responded = Mapping[str, tuple[int, int]]
# More names than these are counted instead.
NAMED = 3


def units_of(shown: Sequence[Figure], kind: str, words: Words) -> str:
    """What those shown are, in the plural: regions also where kommuner or clinics of theirs have answered."""
    level = {each.level for each in shown}
    return words("units_region" if level == {"region"} else f"units_{kind}")


def ranks_of(survey: Survey, measure: Measure, shown: Sequence[Figure], responded: Responded) -> dict[str, Rank]:
    """The places of those that are shown; none where all is yes or no."""
    if metrics.is_yes_or_no(shown):
        return {}
    return ranks(shown, measure.direction, measure.decimals, unsettled(shown, survey, responded))


def place_cell(rank: Rank | None) -> str:
    """3, or 3–17 while it can move."""
    if rank is None:
        return ""
    return str(rank.first) if rank.is_settled else f"{rank.first}\N{EN DASH}{rank.last}"


def place_text(rank: Rank | None, words: Words) -> str:
    """plats 3 av 21, delad plats 3 av 21, or which places it may get."""
    if rank is None:
        return ""
    kind = "range" if not rank.is_settled else "shared" if rank.is_shared else "of"
    return words(f"place_{kind}", place=place_cell(rank), of=rank.of)


def shared_note(rank: Rank | None, words: Words) -> str:
    """That others have the same place, or ''."""
    if rank is None or not rank.is_shared:
        return ""
    return words("shares_place" if rank.is_settled else "shares_place_now")


def place_head(places: Mapping[str, Rank], words: Words) -> str:
    """What the column of places is called."""
    return words("place" if is_settled(places.values()) else "places_possible")


def is_settled(places: Iterable[Rank]) -> bool:
    """Whether no place can change, as long as nobody corrects an answer."""
    return all(rank.is_settled for rank in places)


def ranking_warning(
    survey: Survey,
    kind: str,
    shown: Sequence[Figure],
    places: Mapping[str, Rank],
    responded: Responded,
    words: Words,
) -> str | None:
    """What to know of the order before reading it; None where it stands."""
    if not places:
        return None
    if survey.held_reason:
        return words("ranking_held")
    still_open, of = len(unsettled(shown, survey, responded)), next(iter(places.values())).of
    if not is_settled(places.values()):
        return words("ranking_open", open=still_open, of=of, units=units_of(shown, kind, words))
    return words("ranking_all_in", of=len(shown)) if survey.state == "open" and not still_open else None


def names_at(figures: Sequence[Figure], at: Figure, measure: Measure, kind: str, words: Words) -> str:
    """The names of those whose value is written as that one's; how many, where they are many."""
    key = metrics.ranking_key(at.value or 0, measure.direction, measure.decimals)
    names = [
        each.name
        for each in figures
        if each.value is not None and metrics.ranking_key(each.value, measure.direction, measure.decimals) == key
    ]
    if len(names) > NAMED:
        return words("several_units", n=len(names), units=units_of(figures, kind, words))
    *most, last = names
    return f"{', '.join(most)} {words('and')} {last}" if most else last
