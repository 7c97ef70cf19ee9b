"""What a response fails: every shape fault, routing fault, unanswered required item and declared check, at once.

A questionnaire is compiled once into plain functions; a response is then walked through them without meeting a model
until something fails. Of nearly all that fail nothing `surveys.short_way` says so at once.

Implied checks have the ids `<item>.shape`, `<item>.options`, `<item>.required`, `<item>.sum` (women and men make the
total) and `<item>.off_path`; an item the questionnaire does not have fails `unknown_item`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from surveys.check_kinds import ChangeAgainstLastYear, PerInhabitant, RequiredWhen, Severity, UniqueRows
from surveys.compiled import Needed, Rule, needed, rules, sum_by_sex
from surveys.conditions import Condition, items_in
from surveys.in_context import Bind, change_against_last_year, own_kommuner, per_inhabitant
from surveys.messages import say, shown
from surveys.model import Frozen, Text
from surveys.operands import is_asked, looks_outside, names_inside, roster_of
from surveys.questionnaire import Item, Questionnaire
from surveys.response import Answers, Context, lay_out_sexes, take_away
from surveys.routing import Values, beside, column_conditions, compiled, path_conditions, routes
from surveys.shapes import IS_MISSING, Fault, Shape, shape_of
from surveys.short_way import surely_holds
from surveys.unique_rows import unique_rows

__all__ = ["Checker", "Context", "Failure", "checker", "unsettled"]


class Failure(Frozen):
    """One thing a response fails. `item` is an address; `row` is the 1-based place in a roster."""

    check: str
    item: str | None
    row: int | None = None
    severity: Severity
    message: Text

    @property
    def needs_explanation(self) -> bool:
        """Whether a text under the check's id among the explanations settles it."""
        return self.severity == "soft"


def unsettled(failures: Iterable[Failure], explanations: Mapping[str, str]) -> list[Failure]:
    """The failures that refuse a submission: hard ones, and soft ones whose check has no text in `explanations`."""
    return [f for f in failures if f.severity == "hard" or not explanations.get(f.check, "").strip()]


class _Shapes(dict[str, Shape]):
    """The shape of each item by id; an id that is not asked gives a shape nothing has."""

    def __missing__(self, item: str) -> Shape:
        return partial(_unknown, item)


def _unknown(item: str, value: Any) -> Fault:
    return Fault("unknown_item", say("unknown_item", item=item, value=shown(value)))


class _Scope:
    """Items answered together: the questionnaire's own, or the columns of one roster's rows."""

    def __init__(self, items: Sequence[Item], conditions: Mapping[str, Condition], prefix: str = "") -> None:
        asked = [item for item in items if item.type != "note"]
        self._prefix = prefix
        self._labels = {item.id: item.label for item in asked}
        self._shapes = _Shapes({item.id: shape_of(item) for item in asked})
        self._split = tuple(item.id for item in asked if item.split_by_sex)
        required = {item.id for item in asked if item.required}
        self._required = frozenset(required - conditions.keys())
        self._routes = [
            (holds, ids, tuple(item for item in ids if item in required)) for holds, ids in routes(conditions)
        ]
        self.path = {item: compiled(condition) for item, condition in conditions.items()}
        self.rules: list[tuple[Callable[[Values], bool], Rule]] = []
        self.needed: list[Needed] = []
        self.bound: list[Bind] = []
        self._add_implied(asked)

    def _add_implied(self, asked: Sequence[Item]) -> None:
        for item in asked:
            address = self._prefix + item.id
            if item.split_by_sex and item.type in ("integer", "decimal"):
                self.add([sum_by_sex(address, item.id, item.label)])
            if item.type == "kommuner":
                self.bound.append(own_kommuner(address, item.id))

    def add(self, made: Iterable[Rule]) -> None:
        self.rules += [(rule.fails, rule) for rule in made]

    def examine(self, answers: Answers, found: list[Failure], row: int | None, outside: Values | None) -> Values:
        """Plain values of what is well-shaped and on path; what is not goes into `found`.

        1. shapes, 2. what is always required, 3. routing, and what it requires.
        """
        shapes = self._shapes
        aside = [(key, fault) for key, value in answers.items() if (fault := shapes[key](value)) is not None]
        values: Any = answers
        if aside or self._split or outside:
            values = self._set_aside(answers, aside, found, row, outside)
        if not self._required <= answers.keys():
            self._miss(sorted(self._required - answers.keys()), found, row)
        for holds, ids, required in self._routes:
            if not holds(values):
                if not answers.keys().isdisjoint(ids):
                    values = self._off_path(answers, dict(values), ids, found, row)
            elif required:
                self._miss([item for item in required if item not in answers], found, row)
        return values  # type: ignore[no-any-return]

    def _set_aside(
        self,
        answers: Answers,
        aside: list[tuple[str, Fault]],
        found: list[Failure],
        row: int | None,
        outside: Values | None,
    ) -> dict[str, Any]:
        values = dict(answers)
        for key, (check, message) in aside:
            del values[key]
            if message is not IS_MISSING.message:
                self._fail(
                    check if check == "unknown_item" else f"{self._prefix}{key}.{check}", key, message, found, row
                )
        for key in self._split:
            if key in values:
                lay_out_sexes(values, key)
        return values if outside is None else {**outside, **values}

    def _miss(self, items: Iterable[str], found: list[Failure], row: int | None) -> None:
        for item in items:
            message = say("required", label=self._labels[item])
            self._fail(f"{self._prefix}{item}.required", item, message, found, row)

    def _off_path(
        self, answers: Answers, values: dict[str, Any], ids: tuple[str, ...], found: list[Failure], row: int | None
    ) -> dict[str, Any]:
        for item in ids:
            if item in answers and item in self._labels:
                found[:] = [f for f in found if (f.item, f.row) != (self._prefix + item, row)]
                message = say("off_path", label=self._labels[item], value=shown(answers[item]))
                self._fail(f"{self._prefix}{item}.off_path", item, message, found, row)
        take_away(values, ids)
        return values

    def _fail(self, check: str, item: str, message: Text, found: list[Failure], row: int | None) -> None:
        found.append(Failure(check=check, item=self._prefix + item, row=row, severity="hard", message=message))

    def judge(
        self, answers: Answers, values: Values, bound: Iterable[Rule], found: list[Failure], row: int | None
    ) -> None:
        """Walk plain values through every declared rule."""
        for fails, rule in self.rules:
            if fails(values):
                found.append(_failure(rule, values, row))
        for rule in bound:
            if rule.fails(values):
                found.append(_failure(rule, values, row))
        for need in self.needed:
            if need.key not in answers and need.holds(values):
                found.append(_failure(need, values, row))


def _failure(rule: Rule | Needed, values: Values, row: int | None) -> Failure:
    return Failure(check=rule.check, item=rule.item, row=row, severity=rule.severity, message=rule.tell(values))


class _Roster:
    """The rows of one roster: each a scope of its own, and what holds between them."""

    def __init__(self, roster: Item, q: Questionnaire) -> None:
        self.id = roster.id
        self._columns = [column.id for column in roster.items]
        self.scope = _Scope(roster.items, column_conditions(roster), f"{roster.id}.")
        self._unique = [(c, unique_rows(c, q)) for c in q.checks if isinstance(c, UniqueRows) and c.roster == roster.id]
        own = [check for check in q.checks if roster_of(check) == roster.id and is_asked(check, q)]
        paths = [name for condition in column_conditions(roster).values() for name in items_in(condition)]
        inside = names_inside(roster).issuperset(paths) and not any(looks_outside(check, roster) for check in own)
        self._needs_outside = not inside

    def judge(self, rows: list[Answers], values: Values, bound: Sequence[Rule], found: list[Failure]) -> None:
        outside = beside(values, self._columns) if self._needs_outside else None
        plain = []
        for number, row in enumerate(rows, start=1):
            seen = self.scope.examine(row, found, number, outside)
            self.scope.judge(row, seen, bound, found, number)
            plain.append(seen)
        for check, repeated in self._unique:
            for number, message in repeated(plain):
                facts = {"item": self.id, "row": number, "severity": check.severity, "message": message}
                found.append(Failure(check=check.id, **facts))


class Checker:
    """A questionnaire compiled for one kind of unit. Make it with `checker`, which keeps it for the next response."""

    def __init__(self, q: Questionnaire, unit_kind: str) -> None:
        asked = self._asked = q.for_unit_kind(unit_kind)
        items = [item for section in asked.sections for item in section.items]
        self._order = {address: place for place, address in enumerate(asked.items)}
        self._top = _Scope(items, path_conditions(asked))
        self._rosters = [_Roster(item, asked) for item in items if item.type == "roster"]
        scopes = {roster.id: roster.scope for roster in self._rosters}
        for check in asked.checks:
            if is_asked(check, asked):
                roster = roster_of(check)
                _declare(check, asked, roster, scopes[roster] if roster else self._top)

    def intrinsic(self, answers: Answers) -> list[Failure]:
        """What the answers fail by themselves: everything but what needs last year, population or own kommuner."""
        return [] if self._surely_holds(answers) else self._found(answers, None)

    def failures(self, answers: Answers, context: Context | None = None) -> list[Failure]:
        """Everything the answers fail, hard and soft, in the order of the questionnaire and its rows."""
        return self._found(answers, context)

    @cached_property
    def _surely_holds(self) -> Callable[[Answers], bool]:
        return surely_holds(self._asked)

    def _found(self, answers: Answers, context: Context | None) -> list[Failure]:
        found: list[Failure] = []
        values = self._top.examine(answers, found, None, None)
        for roster in self._rosters:
            rows = values.get(roster.id)
            if rows is not None:
                roster.judge(rows, values, _bound(roster.scope, context), found)
        self._top.judge(answers, values, _bound(self._top, context), found, None)
        if found:
            found.sort(key=self._place)
        return found

    def _place(self, failure: Failure) -> tuple[int, int, int]:
        """By item, within a roster by row and then by column; unknown items last."""
        last, address = len(self._order), failure.item or ""
        item = address.partition(".")[0]
        return self._order.get(item, last), failure.row or 0, self._order.get(address, last)


def _declare(check: Any, q: Questionnaire, roster: str | None, scope: _Scope) -> None:
    """Put a declared check where its values are."""
    if isinstance(check, RequiredWhen):
        scope.needed.append(needed(check, q, roster, scope.path.get(check.item.rpartition(".")[2])))
    elif isinstance(check, ChangeAgainstLastYear):
        scope.bound += change_against_last_year(check, q)
    elif isinstance(check, PerInhabitant):
        scope.bound += per_inhabitant(check, q, roster)
    else:
        scope.add(rules(check, q, roster))


def _bound(scope: _Scope, context: Context | None) -> Sequence[Rule]:
    if context is None or not scope.bound:
        return ()
    return [rule for bind in scope.bound if (rule := bind(context)) is not None]


_CHECKERS: dict[tuple[str, str], Checker] = {}


def checker(q: Questionnaire, unit_kind: str) -> Checker:
    """The compiled checker of a questionnaire for one kind of unit; compiled at the first call, kept after."""
    key = (q.fingerprint, unit_kind)
    if key not in _CHECKERS:
        _CHECKERS[key] = Checker(q, unit_kind)
    return _CHECKERS[key]
