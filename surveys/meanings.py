"""What answers to an item mean, and what of it is no longer so in a later wording of it."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from surveys.model import Text
from surveys.questionnaire import Item
from surveys.refusals import facts_of

_NONE = Text(sv="ingen", en="none")
_YES_NO = {True: Text(sv="ja", en="yes"), False: Text(sv="nej", en="no")}
_TOP = Text(sv="enkäten själv", en="the survey itself")


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing about an item that gives its old answers another meaning: the refusal's code and its facts."""

    code: str
    option: str | None
    facts: tuple[tuple[str, Text], ...]


def moved(old: Item, new: Item, settled: Collection[str] = ()) -> Iterator[Moved]:
    """What makes an answer to `old` mean something else as an answer to `new`.

    `settled` are the option codes whose fate is told (a recode). The order of options and columns, help, definition
    and wording of the question itself move nothing: answers are kept by id and code.
    """
    if old.type != new.type:
        yield Moved("S051", None, facts_of(before=f"`{old.type}`", after=f"`{new.type}`"))
        return
    if not _same_words(old.unit_of_measure, new.unit_of_measure):
        yield Moved("S052", None, facts_of(before=old.unit_of_measure or _NONE, after=new.unit_of_measure or _NONE))
    if old.split_by_sex != new.split_by_sex:
        yield Moved("S053", None, facts_of(before=_YES_NO[old.split_by_sex], after=_YES_NO[new.split_by_sex]))
    if old.register_name != new.register_name:
        yield Moved("S055", None, facts_of(before=old.register_name or _NONE, after=new.register_name or _NONE))
    for option in old.options:
        if option.code not in settled and new.option(option.code) is None:
            yield Moved("S056", option.code, facts_of(label=option.label))
    yield from relabelled(old, new, settled)


def relabelled(old: Item, new: Item, settled: Collection[str] = ()) -> Iterator[Moved]:
    """The option codes that both have with another label in each, those `settled` left out."""
    for option in old.options:
        now = new.option(option.code)
        if now is not None and option.code not in settled and not _same_words(option.label, now.label):
            yield Moved("S057", option.code, facts_of(before=option.label, after=now.label))


def rehoused(old: str, new: str, lists: Collection[str]) -> Iterator[Moved]:
    """Whether an item went from one table to another: out of a roster, into one, or between two.

    `lists` are the rosters that the new address's roster was before.
    """
    before, after = old.rpartition(".")[0], new.rpartition(".")[0]
    if bool(before) != bool(after) or (before and before not in lists):
        yield Moved("S054", None, facts_of(before=_home(before), after=_home(after)))


def same_question(old: Item, new: Item) -> bool:
    """Whether two items ask the same in the same words, so that either's answers could be the other's."""
    return _same_words(old.label, new.label) and not any(moved(old, new))


def _home(roster: str) -> Text:
    return Text(sv=f"`{roster}`", en=f"`{roster}`") if roster else _TOP


def _same_words(one: Text | None, other: Text | None) -> bool:
    """Spaces, capitals and punctuation at the end are no other meaning. Swedish decides: it is what is asked."""
    return _plain(one) == _plain(other)


def _plain(text: Text | None) -> str | None:
    return None if text is None else " ".join(unicodedata.normalize("NFC", text.sv).casefold().split()).rstrip(".:?! ")
