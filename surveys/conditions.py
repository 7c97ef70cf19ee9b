"""Typed conditions over answers: what `when` says in routing, in checks and in indicators.

Written in a definition as one of
`{item: status, is: i_drift}` · `{item: status, in: [i_drift, beslutad]}` · `{item: partners, includes: polis}` ·
`{item: n, at_least: 1}` · `{item: n, at_most: 5}` · `{item: n, answered: true}` ·
`{all: [...]}` · `{any: [...]}` · `{not: {...}}`.
A condition over an item that is missing or off path is false (`not` of it is true).
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from surveys.model import Frozen

Scalar = bool | int | float | str


class Is(Frozen):
    item: str
    is_: Scalar = Field(alias="is")


class In(Frozen):
    item: str
    in_: tuple[Scalar, ...] = Field(alias="in")


class Includes(Frozen):
    item: str
    includes: str


class AtLeast(Frozen):
    item: str
    at_least: float


class AtMost(Frozen):
    item: str
    at_most: float


class Answered(Frozen):
    item: str
    answered: bool


class All(Frozen):
    all: tuple["Condition", ...]


class Any_(Frozen):  # noqa: N801 - `Any` is typing's
    any: tuple["Condition", ...]


class Not(Frozen):
    not_: "Condition" = Field(alias="not")


KEYS = ("is", "in", "includes", "at_least", "at_most", "answered", "all", "any", "not")


def _kind(value: Any) -> str | None:
    """The key that tells which condition this is, in a mapping or in a model."""
    if isinstance(value, Frozen):
        return next((key for key in KEYS if key in {name.rstrip("_") for name in type(value).model_fields}), None)
    return next((key for key in KEYS if key in value), None) if isinstance(value, dict) else None


Condition = Annotated[
    Annotated[Is, Tag("is")]
    | Annotated[In, Tag("in")]
    | Annotated[Includes, Tag("includes")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[AtMost, Tag("at_most")]
    | Annotated[Answered, Tag("answered")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_kind),
]

for _model in (All, Any_, Not):
    _model.model_rebuild()


def items_in(condition: Condition) -> Iterator[str]:
    """Every item a condition looks at, in the order written, repeats included."""
    match condition:
        case All(all=parts) | Any_(any=parts):
            for part in parts:
                yield from items_in(part)
        case Not(not_=part):
            yield from items_in(part)
        case _:
            yield condition.item
