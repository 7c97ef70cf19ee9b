"""What a unit is asked: every round that concerns it, how far it has come, and its receipts."""

from dataclasses import dataclass
from datetime import datetime

from collectors.administration import Administered
from collectors.drafts import Drafts
from collectors.gate import Gate
from collectors.inbox import NotAccepted
from collectors.receipts import Receipt
from surveys.questionnaire import Questionnaire
from surveys.rounds import Round, State
from surveys.units import Unit

ORDER: dict[State, int] = {"open": 0, "paused": 1, "not_yet_open": 2, "closed": 3}


@dataclass(frozen=True, slots=True)
class Invitation:
    """One round that a unit is asked to answer. `drafted_at` is None without a draft.

    `not_accepted`: what was sent, does not count and waits for the unit, newest first.
    """

    round: Round
    state: State
    is_late: bool
    questionnaire: Questionnaire
    path: str
    drafted_at: datetime | None
    receipts: tuple[Receipt, ...]
    not_accepted: tuple[NotAccepted, ...]


def invitations(unit: Unit, administered: Administered, gate: Gate, now: datetime) -> list[Invitation]:
    """The unit's rounds, open ones first and soonest due first; the closed ones newest first.

    Raises DatabaseDown, LogUnavailable.
    """
    drafts = Drafts(gate.engine).of_unit(unit.unit_id)
    concerned = [round_ for round_ in administered.rounds if _concerns(round_, unit, gate)]
    found = [_invitation(round_, unit, gate, drafts, now) for round_ in concerned]
    return sorted(found, key=_order)


def _concerns(round_: Round, unit: Unit, gate: Gate) -> bool:
    known = round_.survey in gate.catalogue.surveys() and round_.year in gate.catalogue.years(round_.survey)
    return known and unit.kind in gate.catalogue.get(round_.survey, round_.year).respondents


def _invitation(
    round_: Round, unit: Unit, gate: Gate, drafts: dict[tuple[str, int], datetime], now: datetime
) -> Invitation:
    survey, year = round_.survey, round_.year
    return Invitation(
        round=round_,
        state=round_.state(now),
        is_late=round_.is_late(now),
        questionnaire=gate.catalogue.get(survey, year),
        path=f"/s/{survey}/{year}/{unit.unit_id}",
        drafted_at=drafts.get((survey, year)),
        receipts=tuple(sent.receipt for sent in gate.submissions.of_unit(unit.unit_id, survey, year)),
        not_accepted=tuple(gate.inbox.waiting(unit.unit_id, survey, year)),
    )


def _order(one: Invitation) -> tuple[int, float]:
    due = one.round.due_at.timestamp()
    return ORDER[one.state], -due if one.state == "closed" else due
