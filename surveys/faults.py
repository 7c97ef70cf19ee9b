"""What is wrong with a definition: one fault with its place, and the two sentences its code stands for."""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import ConfigDict

from surveys.fault_codes import CODES
from surveys.model import LANGUAGES, Frozen, Language, Text

_MENTIONED = Text(sv="Menade du `{nearest}`?", en="Did you mean `{nearest}`?")


class Fault(Frozen):
    """One fault in a definition file. `facts` are ids, keys and values: the same in both languages.

    `what` and `now` are the English sentences; `sentence` gives the whole line in either language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    file: str
    line: int
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def what(self) -> str:
        return self._say(CODES[self.code].what, "en")

    @property
    def now(self) -> str:
        return self.remedy("en")

    def remedy(self, language: Language) -> str:
        """What to do now, the nearest known name first when there is one."""
        now = self._say(CODES[self.code].now, language)
        return f"{self._say(_MENTIONED, language)} {now}" if "nearest" in dict(self.facts) else now

    def sentence(self, language: Language) -> str:
        """`S1nn file:line: what is wrong. What to do now.`"""
        what = self._say(CODES[self.code].what, language)
        return f"{self.code} {self.file}:{self.line}: {what} {self.remedy(language)}"

    def __str__(self) -> str:
        return self.sentence("en")

    def as_json(self) -> dict[str, object]:
        """Plain values, both languages, for `--json`."""
        texts = {f"what_{one}": self._say(CODES[self.code].what, one) for one in LANGUAGES}
        remedies = {f"now_{one}": self.remedy(one) for one in LANGUAGES}
        return {"code": self.code, "file": self.file, "line": self.line, **texts, **remedies}

    def _say(self, text: Text, language: Language) -> str:
        return text.in_language(language).format(**dict(self.facts))


def fault(code: str, place: tuple[str, int], /, **facts: str) -> Fault:
    """A fault at a file and line. Raises KeyError when the code is not in the catalogue."""
    CODES[code]
    return Fault(code=code, file=place[0], line=place[1], facts=tuple(facts.items()))


def nearest(name: str, known: Iterable[str]) -> dict[str, str]:
    """The fact `nearest` when one of the known names is close to a wrong one, else nothing."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return {"nearest": found[0]} if found else {}
