"""What stands in a form's fields, exactly as somebody typed it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

# A response with 300 rows of 11 columns has some 4 000 fields.
MOST_FIELDS = 40_000


@dataclass(frozen=True)
class Typed:
    """Field names and texts in the order they stand; a name may come several times."""

    pairs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, text in self.pairs:
            found.setdefault(name, []).append(text)
        return found

    def one(self, name: str) -> str:
        """The field's text, the last when there are several, "" without any."""
        return self._by_name.get(name, [""])[-1]

    def many(self, name: str) -> list[str]:
        """Every text of the fields with that name, empty ones left out."""
        return [text for text in self._by_name.get(name, []) if text]

    def under(self, prefix: str) -> list[tuple[str, str]]:
        """The fields whose names begin with `prefix`."""
        return [(name, text) for name, text in self.pairs if name.startswith(prefix)]

    def only(self, wanted: Callable[[str], bool]) -> "Typed":
        """Those whose name is wanted."""
        return Typed(tuple(pair for pair in self.pairs if wanted(pair[0])))

    def replacing(self, *names: str, by: Iterable[tuple[str, str]] = ()) -> "Typed":
        """Without the fields of those names, and with others in their place."""
        return Typed((*self.only(lambda name: name not in names).pairs, *by))


def typed_from(body: bytes) -> Typed:
    """The fields of a posted form (application/x-www-form-urlencoded); raises ValueError for more than MOST_FIELDS."""
    text = body.decode("ascii", "replace")
    return Typed(tuple(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)))
