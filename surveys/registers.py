"""The programme register: which names are one programme. It is what makes "unique in the country" countable.

Made from administration events in the order of the log; the same events always give the same register.
"""

import re
import unicodedata

from surveys.errors import SurveyError
from surveys.event_data import ProgrammeMerged, ProgrammeRegistered
from surveys.events import Event, ProgrammeMergedEvent, ProgrammeRegisteredEvent
from surveys.model import Frozen

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


class MergeCircle(SurveyError):
    """A programme was to be merged into itself, straight or through others."""

    code = "S350"

    def __init__(self, programme: str, into: str) -> None:
        now = "Decide which of them stays, and merge the other into that."
        super().__init__(f"programme {programme}", f"cannot be merged into {into}: that already counts as it.", now)
        self.programme = programme
        self.into = into


class Programme(Frozen):
    """One entry. `proposed`: named in an answer or a merge but not registered yet."""

    programme: str
    name: str
    producer: str | None = None
    proposed: bool = False


class ProgrammeRegister:
    """The programmes by id, and what each id counts as after merges."""

    def __init__(self) -> None:
        self._programmes: dict[str, Programme] = {}
        self._merged: dict[str, str] = {}
        self._applied: set[tuple[str, str]] = set()

    def apply(self, event: Event) -> None:
        """Lets the event happen; one that was applied before, or is about something else, changes nothing.

        Events are the same when source and id are. The newest registration of an id and the newest merge of it count.
        Raises MergeCircle, and the register stays as it was.
        """
        if (event.source, event.id) in self._applied:
            return
        self._applied.add((event.source, event.id))
        match event:
            case ProgrammeRegisteredEvent(data=data):
                self._register(data)
            case ProgrammeMergedEvent(data=data):
                self._merge(data)

    def entry(self, name: str) -> Programme:
        """The programme that a name in an answer counts as, after merges; a proposed one when it is not registered."""
        first = entry_id(name)
        programme = self.counts_as(first)
        known = self._programmes.get(programme)
        return known or Programme(programme=programme, name=name if programme == first else programme, proposed=True)

    def counts_as(self, programme: str) -> str:
        """The id that this id counts as: itself, or what it was merged into, however many steps away."""
        while programme in self._merged:
            programme = self._merged[programme]
        return programme

    def programmes(self) -> tuple[Programme, ...]:
        """The registered programmes that stand by themselves, by id."""
        return tuple(self._programmes[key] for key in sorted(self._programmes) if key not in self._merged)

    def merges(self) -> dict[str, str]:
        """Every merged id and the id it counts as in the end, by id: what a query joins with."""
        return {programme: self.counts_as(programme) for programme in sorted(self._merged)}

    def _register(self, data: ProgrammeRegistered) -> None:
        self._programmes[data.programme] = Programme(programme=data.programme, name=data.name, producer=data.producer)

    def _merge(self, data: ProgrammeMerged) -> None:
        step: str | None = data.into
        while step is not None:
            if step == data.programme:
                raise MergeCircle(data.programme, data.into)
            step = self._merged.get(step)
        self._merged[data.programme] = data.into


def entry_id(name: str) -> str:
    """The register id of a programme's name: accents, case and punctuation do not tell programmes apart.

    "Ångesthjälpen Ung Plus" is `angesthjalpen-ung-plus`. A name without any letter a-z or digit has the id "".
    """
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()
    return _BETWEEN_WORDS.sub("-", plain).strip("-")
