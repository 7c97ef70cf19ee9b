"""How long answering took, as a response's event carries it: seconds, by section where that is known.

It stands in the extension attribute `secondsspent` of the envelope, not in the data: it is nothing the respondent says.
`1500` is 25 minutes; `60 bakgrund=240 team=95` says of which sections, and that a minute belongs to none of them. Left
out, or written in another way, it is unknown.
"""

import re
from collections.abc import Mapping
from typing import Final

# Not of any one section.
WHOLE: Final = ""
LONGEST_SECONDS: Final = 3_600_000  # a thousand hours
_WRITTEN = re.compile(r"(?:[a-z][a-z0-9_]*=)?[1-9][0-9]{0,6}(?: [a-z][a-z0-9_]*=[1-9][0-9]{0,6})*", re.ASCII)


def spent_in(attribute: object) -> dict[str, int]:
    """Seconds by section, WHOLE for those of none; empty when it is unknown."""
    if not isinstance(attribute, str) or not _WRITTEN.fullmatch(attribute):
        return {}
    parts = [part.rpartition("=") for part in attribute.split(" ")]
    spent = {section: int(seconds) for section, _, seconds in parts}
    is_known = len(spent) == len(parts) and sum(spent.values()) <= LONGEST_SECONDS
    return spent if is_known else {}


def as_attribute(spent: Mapping[str, int]) -> str | None:
    """The attribute that says it; None where that is nothing."""
    told = sorted((section, seconds) for section, seconds in spent.items() if seconds > 0)
    if not told or sum(seconds for _, seconds in told) > LONGEST_SECONDS:
        return None
    return " ".join(f"{section}={seconds}" if section else str(seconds) for section, seconds in told)
