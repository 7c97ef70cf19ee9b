"""Chance that falls the same way every time: each draw has a name, and the name decides."""

import random
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def dice(*name: object) -> random.Random:
    """A source of draws that depends on nothing but the name."""
    seed = blake2b("|".join(map(str, name)).encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(seed, "big"))


def happens(share: float, *name: object) -> bool:
    """Whether something that happens in this share of cases happens here."""
    return dice(*name).random() < share


def differs(spread: float, *name: object) -> float:
    """A factor around 1, at most `spread` away."""
    return 1 + dice(*name).uniform(-spread, spread)


def pick(options: Sequence[T], *name: object) -> T:
    """One of the options, all as likely."""
    return dice(*name).choice(options)


def drawn(weights: Mapping[T, float], *name: object) -> T:
    """One of the keys, as likely as its weight."""
    return dice(*name).choices(list(weights), list(weights.values()))[0]


def some(shares: Mapping[str, float], *name: object) -> list[str]:
    """The codes that fall, each by its own share, in the order given; the likeliest one when none does."""
    fallen = [code for code, share in shares.items() if happens(share, *name, code)]
    return fallen or [max(shares, key=lambda code: shares[code])]


def in_order(units: Sequence[str], *name: object) -> list[str]:
    """The units in an order that the name decides."""
    return sorted(units, key=lambda unit: dice(*name, unit).random())
