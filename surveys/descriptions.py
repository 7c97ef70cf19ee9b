"""Each check and condition in words, in Swedish and English."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from surveys.check_kinds import (
    AnyCheck,
    ChangeAgainstLastYear,
    DatesInOrder,
    ExclusiveOption,
    InSet,
    Length,
    LessOrEqual,
    Pattern,
    PerInhabitant,
    Range,
    RatioBounds,
    RequiredWhen,
    RowCount,
    SumEqualsTotal,
    UniqueRows,
)
from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.messages import joined, limits, rule, shown
from surveys.model import Text
from surveys.operands import Operand, operands, roster_of
from surveys.questionnaire import Item, Questionnaire


def describe(check: AnyCheck, q: Questionnaire) -> Text:
    """What must hold, in one sentence: ”Antal enheter” ska vara mellan 0 och 50."""
    sentence = _sentence(check, q)
    if check.when is None or isinstance(check, RequiredWhen):
        return sentence
    return rule("only_when", when=condition_in_words(check.when, q, roster_of(check)), rule=sentence)


def _sentence(check: AnyCheck, q: Questionnaire) -> Text:
    labels = [q.items[address].label for address in operands(check)]
    item = q.items[operands(check)[0]]
    match check:
        case Range():
            least, most = (limit_as_written(limit, item) for limit in (check.min, check.max))
            return rule("range", label=item.label, limits=limits(least, most))
        case InSet():
            return rule("in_set", label=item.label, options=joined(option_labels(check.values, item), "or"))
        case Pattern():
            return rule("pattern", label=item.label, means=check.means)
        case Length():
            named = "length_text" if item.type == "text" else "length_chosen"
            return rule(named, label=item.label, limits=limits(check.min, check.max))
        case RequiredWhen():
            words = condition_in_words(check.when, q, roster_of(check))
            return rule("required_when", label=item.label, when=words)
        case SumEqualsTotal():
            named = "sum_within" if check.tolerance else "sum_equals_total"
            parts = joined([rule("quoted", label=label) for label in labels[:-1]])
            return rule(named, parts=parts, label=labels[-1], tolerance=check.tolerance)
        case LessOrEqual():
            named = "less_or_equal" if check.factor == 1 else "less_or_equal_times"
            return rule(named, smaller=labels[0], larger=labels[1], factor=check.factor)
        case RatioBounds():
            between = limits(check.min, check.max)
            return rule("ratio_bounds", numerator=labels[0], denominator=labels[1], limits=between)
        case DatesInOrder():
            return rule("dates_in_order", earlier=labels[0], later=labels[1])
        case _:
            return _rarer_sentence(check, item, q)


def _rarer_sentence(
    check: ChangeAgainstLastYear | PerInhabitant | UniqueRows | RowCount | ExclusiveOption, item: Item, q: Questionnaire
) -> Text:
    match check:
        case ChangeAgainstLastYear():
            share = Text(sv=f"{check.ratio * 100:g}\N{NO-BREAK SPACE}%".replace(".", ","), en=f"{check.ratio * 100:g}%")
            return rule("change_against_last_year", label=item.label, share=share, floor=check.floor)
        case PerInhabitant():
            return rule("per_inhabitant", label=item.label, per=check.per, limits=limits(check.min, check.max))
        case UniqueRows():
            columns = [address if "." in address else f"{check.roster}.{address}" for address in check.by]
            by = joined([rule("quoted", label=q.items[column].label) for column in columns])
            return rule("unique_rows", label=item.label, by=by)
        case RowCount():
            return rule("row_count", label=item.label, limits=limits(check.min, check.max))
        case ExclusiveOption():
            named = joined(option_labels(check.options, item), "or")
            return rule("exclusive_option", label=item.label, options=named)


def condition_in_words(condition: Condition, q: Questionnaire, roster: str | None = None) -> Text:
    """A condition as it can stand in the middle of a sentence. Columns of `roster` may be named without it."""
    match condition:
        case All(all=parts):
            return joined([condition_in_words(part, q, roster) for part in parts], "and")
        case Any_(any=parts):
            return joined([condition_in_words(part, q, roster) for part in parts], "or")
        case Not(not_=part):
            return rule("not", part=condition_in_words(part, q, roster))
        case _:
            item = q.items.get(f"{roster}.{condition.item}") or q.items.get(condition.item)
            if item is None:  # not asked of this kind of unit
                return rule("answered", label=condition.item)
            return _comparison_in_words(condition, item)


def _comparison_in_words(condition: Is | In | Includes | AtLeast | AtMost | Answered, item: Item) -> Text:
    match condition:
        case Is(is_=value):
            return rule("is", label=item.label, value=option_labels([value], item)[0])
        case In(in_=values):
            return rule("in", label=item.label, options=joined(option_labels(values, item), "or"))
        case Includes(includes=code):
            return rule("includes", label=item.label, value=option_labels([code], item)[0])
        case AtLeast(at_least=least):
            return rule("when_within", label=item.label, limits=limits(limit_as_written(least, item), None))
        case AtMost(at_most=most):
            return rule("when_within", label=item.label, limits=limits(None, limit_as_written(most, item)))
        case Answered(answered=answered):
            return rule("answered" if answered else "unanswered", label=item.label)


def option_labels(codes: Iterable[Any], item: Item) -> list[Any]:
    """Each code as the respondent knows it: in quotation marks, numbers bare, true and false as yes and no."""
    return [rule("quoted", label=option.label) if (option := _option(item, code)) else shown(code) for code in codes]


def _option(item: Item, code: Any) -> Any:
    return item.option(code) if isinstance(code, str) else None


def limit_as_written(limit: float | date | None, item: Item) -> Any:
    """A declared limit in the item's own manner: years without thousands, whole numbers without decimals."""
    if limit is None:
        return None
    if isinstance(limit, date):
        return limit.isoformat()
    whole = int(limit) if limit == int(limit) else limit
    return str(whole) if item.type == "year" else whole


def quoted_labels(parts: Sequence[Operand]) -> Text:
    """The labels of several items in one phrase."""
    return joined([rule("quoted", label=part.label) for part in parts])
