"""Why a change of a definition is refused: which item, which answers, what would become of them, what now."""

from surveys.model import LANGUAGES, Frozen, Language, Text
from surveys.refusal_kinds import KINDS

Answered = tuple[int, str]
"""A year, and the address an item had in it."""

_WHERE = Text(sv="alternativ", en="option")
_ANSWERS = Text(sv="Det gäller svaren från {years}", en="This is about the answers of {years}")
_COUNTED = Text(sv="{answers} svar", en="answers: {answers}")


class Refusal(Frozen):
    """One reason to refuse a proposed definition of a survey and year.

    `item` is its address in the proposal (or in the year it was lost from), `option` a code of it. `answered` is
    where the old answers in question stand, in the survey `answered_in` when that is another. `answers` is how many
    there are, None when nothing published was looked at. `facts` are ids, keys and values, in each language.
    """

    code: str
    survey: str
    year: int
    item: str | None = None
    option: str | None = None
    answered: tuple[Answered, ...] = ()
    answered_in: str | None = None
    answers: int | None = None
    facts: tuple[tuple[str, Text], ...] = ()

    @property
    def where(self) -> Text:
        """Survey and year, item, option."""
        place = ", ".join((f"{self.survey}/{self.year}", *([self.item] if self.item else [])))
        if self.option is None:
            return Text(sv=place, en=place)
        return Text(sv=f"{place}, {_WHERE.sv} {self.option}", en=f"{place}, {_WHERE.en} {self.option}")

    @property
    def what(self) -> Text:
        """What the change would do."""
        return self._said(KINDS[self.code].what)

    @property
    def now(self) -> Text:
        """What to do instead."""
        return self._said(KINDS[self.code].now)

    def sentence(self, language: Language) -> str:
        """`S04n where: what. Which answers. What to do now.`"""
        parts = (self.what.in_language(language), self._which(language), self.now.in_language(language))
        return f"{self.code} {self.where.in_language(language)}: {' '.join(part for part in parts if part)}"

    def as_json(self) -> dict[str, object]:
        """Plain values, both languages, for `--json`."""
        told = {"code": self.code, "survey": self.survey, "year": self.year, "item": self.item, "option": self.option}
        places = [{"year": year, "item": item} for year, item in self.answered]
        whats = {f"what_{one}": self.what.in_language(one) for one in LANGUAGES}
        nows = {f"now_{one}": self.now.in_language(one) for one in LANGUAGES}
        return {**told, "answered": places, "answers": self.answers, **whats, **nows}

    def _which(self, language: Language) -> str:
        if not self.answered:
            return ""
        years = ", ".join(str(year) for year in sorted({year for year, _ in self.answered}))
        counted = _COUNTED.in_language(language).format(answers=self.answers)
        more = "" if self.answers is None else f" ({counted})"
        return f"{_ANSWERS.in_language(language).format(years=years)}{more}."

    def _said(self, text: Text) -> Text:
        plain = {"survey": self.survey, "year": str(self.year), "item": self.item or "", "option": self.option or ""}
        facts = {one: plain | {name: fact.in_language(one) for name, fact in self.facts} for one in LANGUAGES}
        return Text(sv=text.sv.format(**facts["sv"]), en=text.en.format(**facts["en"]))


def facts_of(**facts: Text | str) -> tuple[tuple[str, Text], ...]:
    """Facts for a refusal; an id or a number is the same in every language."""
    return tuple((name, fact if isinstance(fact, Text) else Text(sv=fact, en=fact)) for name, fact in facts.items())
