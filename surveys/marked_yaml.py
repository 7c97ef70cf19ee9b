"""YAML read with the place of everything in it: dicts and lists that know the file and line they stand on."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from surveys.faults import Fault, fault


class Mark(NamedTuple):
    """Where something stands. Lines count from 1."""

    file: str
    line: int


class Map(dict[str, Any]):
    """A mapping as written: `mark` is where it starts, `marks` where each of its keys stands."""

    def __init__(self, values: dict[str, Any], mark: Mark, marks: dict[str, Mark]) -> None:
        super().__init__(values)
        self.mark = mark
        self.marks = marks

    def at(self, key: str) -> Mark:
        """The place of a key, or of the whole mapping when the key is not in it."""
        return self.marks.get(key, self.mark)

    def having(self, others: dict[str, Any], marks: dict[str, Mark] | None = None) -> "Map":
        """A copy with some keys replaced or added; what has no mark of its own stands where the mapping stands."""
        return Map({**self, **others}, self.mark, {**self.marks, **(marks or {})})

    def without(self, *keys: str) -> "Map":
        return Map({key: value for key, value in self.items() if key not in keys}, self.mark, self.marks)


class Seq(list[Any]):
    """A list as written: `mark` is where it starts, `marks` where each element stands."""

    def __init__(self, values: list[Any], mark: Mark, marks: list[Mark]) -> None:
        super().__init__(values)
        self.mark = mark
        self.marks = marks

    def put(self, place: int, value: Any) -> None:
        """Insert a part, which stands where it was written."""
        self.insert(place, value)
        self.marks.insert(place, getattr(value, "mark", self.mark))

    def drop(self, place: int) -> None:
        del self[place]
        del self.marks[place]

    def copy_with(self, values: list[Any]) -> "Seq":
        """A list of other elements at the same place."""
        return Seq(values, self.mark, [getattr(value, "mark", self.mark) for value in values])


def read_marked(path: Path) -> tuple[Map | None, list[Fault]]:
    """The mapping a YAML file holds, and what is wrong with the file as YAML; None when nothing can be made of it."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [fault("S101", Mark(name, 1), reason=_reason(error))]
    faults = list(_decomposed(text, name))
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        value = _Reading(name, loader.construct_object, faults).value(node) if node is not None else None
    except (yaml.YAMLError, ValueError) as error:
        return None, [*faults, _syntax(error, name)]
    finally:
        loader.dispose()
    if not isinstance(value, Map):
        return None, [*faults, fault("S104", Mark(name, 1), found=kind_of(value), expected="mapping", name=path.name)]
    return value, faults


def kind_of(value: object) -> str:
    """What YAML calls a value: mapping, list, text, number …"""
    match value:
        case None:
            return "nothing"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case dict():
            return "mapping"
        case list() | tuple():
            return "list"
        case _:
            return "date"


class _Reading:
    """One pass over the nodes of one file."""

    def __init__(self, file: str, scalar: Callable[[yaml.Node], Any], faults: list[Fault]) -> None:
        self.file = file
        self.scalar = scalar
        self.faults = faults
        self.open: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if id(node) in self.open:
            self.faults.append(fault("S105", self.mark(node)))
            return None
        self.open.add(id(node))
        value = self.mapping(node) if isinstance(node, yaml.MappingNode) else self.sequence(node)
        self.open.discard(id(node))
        return value

    def mapping(self, node: yaml.MappingNode) -> Map:
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key, mark = str(getattr(key_node, "value", "?")), self.mark(key_node)
            if key in values:
                self.faults.append(fault("S103", mark, key=key, first=str(marks[key].line)))
            else:
                values[key], marks[key] = self.value(value_node), mark
        return Map(values, self.mark(node), marks)

    def sequence(self, node: yaml.Node) -> Seq:
        return Seq([self.value(one) for one in node.value], self.mark(node), [self.mark(one) for one in node.value])

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.file, node.start_mark.line + 1)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _syntax(error: Exception, name: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return fault("S102", Mark(name, mark.line + 1 if mark else 1), problem=str(problem))


def _decomposed(text: str, name: str) -> Iterator[Fault]:
    """å ä ö written as two characters look right but compare, sort and match as something else."""
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if not unicodedata.is_normalized("NFC", line):
            yield fault("S106", Mark(name, number))
