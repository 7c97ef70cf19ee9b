"""The gate: which changes of the definitions would move, relabel or lose answers already given.

Two things are held apart. A year that has been answered must not change at all. A new year may change what it likes,
as long as it says what became of each item it takes over, and takes no old item's name for something new.
"""

from collections.abc import Iterable, Iterator

from surveys.lineage import is_break, steps
from surveys.meanings import Moved, moved, rehoused, relabelled, same_question
from surveys.model import Text
from surveys.proposal import Editions, Kept, Proposal
from surveys.questionnaire import Item, Questionnaire
from surveys.refusals import Answered, Refusal, facts_of

# Two surveys that share this much of their items are one survey under two names.
_ALIKE = 0.5
_FEWEST_ALIKE = 3
# What of a survey, beside its items, decides what an answer means.
_ASKED_WITH = ("checks", "title", "intro", "reference_year", "reference_period", "respondents", "perspective")


def refusals(proposal: Proposal, kept: Kept) -> tuple[Refusal, ...]:
    """Every reason to refuse the proposal, by survey and year; none when all old answers stay what they are."""
    after = Editions([*kept.editions.all(), *proposal.questionnaires])
    found = list(_gone(proposal, kept))
    for q in proposal.questionnaires:
        if (q.survey, q.year) in kept.frozen:
            found += _of_frozen(kept.editions.get(q.survey, q.year), q)
        else:
            found += _of_answered(q, kept)
            found += _later_year(q, kept, after)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.survey, one.year)))


def _gone(proposal: Proposal, kept: Kept) -> Iterator[Refusal]:
    """Surveys and years that are left out, and surveys that look like another under a new name."""
    proposed = Editions(proposal.questionnaires)
    for survey in proposed.surveys():
        if survey not in kept.editions.surveys():
            yield from _renamed(proposed, survey, kept.editions)
    for survey in kept.editions.surveys():
        years = kept.editions.years(survey)
        if survey not in proposed.surveys() and proposal.every_survey:
            yield Refusal(code="S041", survey=survey, year=years[-1], answered=_all_of(kept.editions, survey, years))
        elif survey in proposal.whole:
            for year in sorted(set(years) - set(proposed.years(survey))):
                yield Refusal(code="S043", survey=survey, year=year, answered=_all_of(kept.editions, survey, [year]))


def _all_of(editions: Editions, survey: str, years: Iterable[int]) -> tuple[Answered, ...]:
    return tuple((year, address) for year in years for address in _asked(editions.get(survey, year)))


def _renamed(proposed: Editions, survey: str, kept: Editions) -> Iterator[Refusal]:
    first = proposed.years(survey)[0]
    new = _asked(proposed.get(survey, first))
    for old in kept.surveys():
        last = _asked(kept.get(old, kept.years(old)[-1]))
        alike = [address for address in new if address in last and same_question(last[address], new[address])]
        if len(alike) >= max(_FEWEST_ALIKE, _ALIKE * len(new)):
            years = [year for year in kept.years(old) if year <= first]
            answered = tuple(
                (year, address) for year in years for address in alike if address in kept.get(old, year).items
            )
            told = {"survey": survey, "year": first, "answered_in": old, "facts": facts_of(old=old)}
            yield Refusal(code="S042", answered=answered, **told)


def _of_frozen(old: Questionnaire, new: Questionnaire) -> Iterator[Refusal]:
    """A published year that is not what it was."""
    yield from _same_year(old, new)
    if old.fingerprint != new.fingerprint:
        facts = facts_of(before=old.fingerprint, after=new.fingerprint, parts=_differing(old, new))
        answered = tuple((new.year, address) for address in _asked(old))
        yield Refusal(code="S044", survey=new.survey, year=new.year, answered=answered, facts=facts)


def _of_answered(new: Questionnaire, kept: Kept) -> Iterator[Refusal]:
    """An open year that is not the one its responses were given to."""
    given, old = kept.given.get((new.survey, new.year)), kept.editions.find(new.survey, new.year)
    if given is None or given.fingerprint == new.fingerprint:
        return
    if old is not None and old.fingerprint == given.fingerprint:
        yield from _same_year(old, new)
    facts = facts_of(responses=str(given.responses), before=given.fingerprint, after=new.fingerprint)
    yield Refusal(code="S045", survey=new.survey, year=new.year, facts=facts)


def _same_year(old: Questionnaire, new: Questionnaire) -> Iterator[Refusal]:
    """What would become of answers given to this very year, item by item."""
    now = _asked(new)
    for address, item in _asked(old).items():
        told = {"survey": new.survey, "year": new.year, "item": address, "answered": ((new.year, address),)}
        if address not in now:
            yield Refusal(code="S046", **told)
        else:
            for one in moved(item, now[address]):
                yield Refusal(code=one.code, option=one.option, facts=one.facts, **told)


def _differing(old: Questionnaire, new: Questionnaire) -> Text:
    """The parts of a definition that are not what they were, by name."""
    before, after = old.items, new.items
    items = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    other = [name for name in _ASKED_WITH if getattr(old, name) != getattr(new, name)]
    names = ", ".join(f"`{name}`" for name in (items or other or ["sections"]))
    return Text(sv=names, en=names)


def _later_year(q: Questionnaire, kept: Kept, after: Editions) -> Iterator[Refusal]:
    """What a year does to the answers of the years before it."""
    base = None if q.based_on is None else kept.editions.find(q.survey, q.based_on) or after.get(q.survey, q.based_on)
    now = _asked(q)
    for address, item in now.items():
        if item.lineage.kind == "new":
            yield from _taken(q, address, item, after)
        elif base is not None:
            yield from _carried(q, address, item, base, after)
    if base is not None:
        yield from _unsaid(q, base, after)
        yield from _twice(q, after)


def _taken(q: Questionnaire, address: str, item: Item, after: Editions) -> Iterator[Refusal]:
    """A new item that takes the id or the concept of an older one."""
    earlier = [after.get(q.survey, year) for year in reversed(after.years(q.survey)) if year < q.year]
    for old in earlier:
        former = _asked(old).get(address)
        if former is not None:
            # After a gap the same question may come back; next to its own last year it must say that it goes on.
            if old.year == q.based_on or not same_question(former, item):
                facts = facts_of(before=str(old.year), label=former.label, old=address)
                yield _refused("S047", q, address, old.year, address, after, facts)
            return
    for old in earlier:
        for other, former in _asked(old).items():
            if former.concept and former.concept == item.concept:
                facts = facts_of(before=str(old.year), old=other)
                yield _refused("S048", q, address, old.year, other, after, facts)
                return


def _carried(q: Questionnaire, address: str, item: Item, base: Questionnaire, after: Editions) -> Iterator[Refusal]:
    """An item that says which ones of last year it comes from."""
    for origin in (name for name in item.lineage.items if name in base.items):
        for one in _moved_on(q, address, item, origin, base):
            yield _refused(one.code, q, address, base.year, origin, after, one.facts, one.option)


def _moved_on(q: Questionnaire, address: str, item: Item, origin: str, base: Questionnaire) -> Iterator[Moved]:
    old, told = base.items[origin], item.lineage.recode
    if is_break(item.lineage.kind):
        yield from relabelled(old, item, told)
        return
    roster = address.rpartition(".")[0]
    lists = {roster, *q.items[roster].lineage.items} if roster else set()
    yield from rehoused(origin, address, lists)
    yield from moved(old, item, told)


def _unsaid(q: Questionnaire, base: Questionnaire, after: Editions) -> Iterator[Refusal]:
    """Items renamed by removing and adding: nobody says that they are the same."""
    claimed = {name for item in q.items.values() for name in item.lineage.items}
    gone = {
        address: item for address, item in _asked(base).items() if address not in claimed and address not in q.items
    }
    for new, item in _asked(q).items():
        if item.lineage.kind == "new":
            for old, former in gone.items():
                if same_question(former, item):
                    yield _refused("S049", q, new, base.year, old, after, facts_of(old=old, new=new.rpartition(".")[2]))


def _twice(q: Questionnaire, after: Editions) -> Iterator[Refusal]:
    """Old items that two new ones say they are."""
    going_on: dict[str, str] = {}
    for address, item in _asked(q).items():
        for old in () if is_break(item.lineage.kind) else item.lineage.items:
            other = going_on.setdefault(old, address)
            if other != address and q.based_on is not None:
                yield _refused("S050", q, address, q.based_on, old, after, facts_of(other=other, old=old))


def _refused(
    code: str,
    q: Questionnaire,
    address: str,
    year: int,
    origin: str,
    after: Editions,
    facts: tuple[tuple[str, Text], ...],
    option: str | None = None,
) -> Refusal:
    """A refusal about the answers of an old item and of all that it goes on from."""
    answered = tuple((step.year, step.address) for step in steps(after, q.survey, year, origin))
    known = dict.fromkeys(answered)
    told = {"survey": q.survey, "year": q.year, "item": address, "option": option}
    return Refusal(code=code, answered=tuple(known), facts=facts, **told)


def _asked(q: Questionnaire) -> dict[str, Item]:
    """Items that have answers, by address."""
    return {address: item for address, item in q.items.items() if item.type != "note"}
