"""Which dead letters are meant: by what they are about, why they were parked, when, and what became of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pipeline.dead_letters import DeadLetter
from surveys.dead_letters import REASONS, Mender, mendable_by
from surveys.model import Frozen, Language

State = Literal["waiting", "replayed", "all"]


class Choice(Frozen):
    """The letters that are about all of what is given here; None is about anything. `until` is not included."""

    survey: str | None = None
    year: int | None = None
    unit: str | None = None
    code: str | None = None
    mendable_by: Mender | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: State = "waiting"

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the state is given."""
        return any(value is not None for name, value in self if name != "state")

    def of(self, letters: Iterable[DeadLetter]) -> list[DeadLetter]:
        return [one for one in letters if self.means(one)]

    def means(self, letter: DeadLetter) -> bool:
        parked = letter.parked
        wanted = (
            (self.survey, parked.survey),
            (self.year, parked.year),
            (self.unit, parked.unit),
            (self.code, parked.code),
            (self.mendable_by, mendable_by(parked.code)),
        )
        return (
            all(value in (None, own) for value, own in wanted)
            and (self.since is None or parked.parked_at >= self.since)
            and (self.until is None or parked.parked_at < self.until)
            and (self.state == "all" or (letter.replayed is not None) == (self.state == "replayed"))
        )


def counts(letters: Iterable[DeadLetter], language: Language) -> list[dict[str, Any]]:
    """How many there are for each reason, survey and year, most first; what is not said is None."""
    found = Counter((one.parked.code, one.parked.survey, one.parked.year) for one in letters)
    order = sorted(found.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or "", one[0][2] or 0))
    return [
        {
            "code": code,
            "survey": survey,
            "year": year,
            "letters": n,
            "mendable_by": mendable_by(code),
            "reason": REASONS[code].title.in_language(language) if code in REASONS else code,
            "now": REASONS[code].now.in_language(language) if code in REASONS else "",
        }
        for (code, survey, year), n in order
    ]
