"""Checks that need what is known around a response: last time's answers, the population, the region's kommuner."""

from collections.abc import Callable, Mapping
from typing import Any

from surveys.check_kinds import ChangeAgainstLastYear, PerInhabitant
from surveys.compiled import Rule, gate, gated, own_words, slackened, whole
from surveys.messages import limits, say
from surveys.model import Text
from surveys.operands import Operand, predecessor, variants
from surveys.questionnaire import Questionnaire
from surveys.response import Context, slack
from surveys.routing import Holds, Values

Bind = Callable[[Context], Rule | None]  # a rule that needs what is known around the response; None: silent


def change_against_last_year(check: ChangeAgainstLastYear, q: Questionnaire) -> list[Bind]:
    """One rule for each sex. Silent unless the item's lineage says that it is the same question as one then."""
    then = predecessor(q.items[check.item])
    if then is None or "." in check.item:
        return []
    holds = gate(check, None)
    return [_change(check, operand, then, holds) for (operand,) in variants(check, q)]


def previous_value(previous: Mapping[str, Any], item: str, sex: str | None) -> float | None:
    """Last time's number for an item, or for one sex of it; None when there is none to compare with."""
    value = previous.get(item)
    if isinstance(value, Mapping):
        value = value.get(sex or "T")
    elif sex in ("K", "M"):
        return None
    return value if type(value) in (int, float) else None


def _change(check: ChangeAgainstLastYear, operand: Operand, then: str, holds: Holds | None) -> Bind:
    key = operand.key

    def bind(context: Context) -> Rule | None:
        before = previous_value(context.previous or {}, then, operand.sex)
        if before is None:
            return None
        limit = max(check.ratio * abs(before), check.floor)

        def fails(values: Values) -> bool:
            value = values.get(key)
            return value is not None and abs(value - before) - limit > slack(before)

        def tell(values: Values) -> Text:
            return say("change", label=operand.label, value=values[key], before=before, limit=whole(limit))

        return Rule(check.id, operand.address, check.severity, gated(fails, holds), own_words(check, tell))

    return bind


def per_inhabitant(check: PerInhabitant, q: Questionnaire, roster: str | None) -> list[Bind]:
    """One rule for each sex; silent when the unit's population is not known."""
    holds = gate(check, roster)
    return [_per_inhabitant(check, operand, holds) for (operand,) in variants(check, q)]


def _per_inhabitant(check: PerInhabitant, operand: Operand, holds: Holds | None) -> Bind:
    key, per = operand.key, check.per
    low, high = slackened(check.min, check.max)

    def bind(context: Context) -> Rule | None:
        population = context.population
        if not population:
            return None

        def fails(values: Values) -> bool:
            value = values.get(key)
            return value is not None and not low <= value * per / population <= high

        def tell(values: Values) -> Text:
            value = values[key]
            facts = {"value": value, "rate": value * per / population, "per": per}
            return say("per_inhabitant", label=operand.label, limits=limits(check.min, check.max), **facts)

        return Rule(check.id, operand.address, check.severity, gated(fails, holds), own_words(check, tell))

    return bind


def own_kommuner(item: str, key: str) -> Bind:
    """That the chosen kommuner lie in the unit's own region; silent when its kommuner are not known."""

    def bind(context: Context) -> Rule | None:
        own = context.kommuner
        if own is None:
            return None

        def tell(values: Values) -> Text:
            return say("own_kommuner", value=", ".join(code for code in values[key] if code not in own))

        return Rule(f"{item}.options", item, "hard", lambda values: not own.issuperset(values.get(key, ())), tell)

    return bind
