"""The rules of the burden ledger: what answering a question is called to be for, and when it is always unchanged."""

from typing import Final, Literal

# figure: an indicator is made of it. support: a check or the routing needs it for a question that a figure is made of.
# circle: for questions of which no figure is made. listed: for nothing; it can only be looked up.
Use = Literal["figure", "support", "circle", "listed"]
USES: Final[tuple[Use, ...]] = ("figure", "support", "circle", "listed")

# Nine in ten: where fewer answer as the time before, somebody learns something by asking. Of fewer than ten units one
# that changes would decide it.
ALWAYS_SHARE: Final = 0.9
ALWAYS_UNITS: Final = 10


def is_always_unchanged(unchanged: int, compared: int) -> bool:
    """Whether a question is said to be always unchanged: of units whose answers were `compared`, nearly all agree."""
    return compared >= ALWAYS_UNITS and unchanged >= ALWAYS_SHARE * compared
