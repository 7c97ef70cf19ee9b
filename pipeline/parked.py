"""What a dead letter says: code, reason in both languages, pointer into the payload, rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.event_log import StoredEvent
from surveys.checks import Failure
from surveys.dead_letters import REASONS, ReasonCode
from surveys.events import EventFault
from surveys.letter_records import answer_pointer
from surveys.model import Text
from surveys.questionnaire import Questionnaire

UNKNOWN_SURVEY: Final = "UNKNOWN_SURVEY"
UNKNOWN_UNIT: Final = "UNKNOWN_UNIT"
UNIT_NOT_ASKED: Final = "UNIT_NOT_ASKED"
QUESTIONNAIRE_MISMATCH: Final = "QUESTIONNAIRE_MISMATCH"
CHECKS_FAILED: Final = "CHECKS_FAILED"
SUBMISSION_ID_REUSED: Final = "SUBMISSION_ID_REUSED"
WRONG_TOPIC: Final = "WRONG_TOPIC"
CANNOT_HAPPEN: Final = "CANNOT_HAPPEN"
UNEXPECTED: Final = "UNEXPECTED"


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that cannot be accepted, and why.

    `pointer` is a JSON pointer (RFC 6901) into the payload; for something absent it says where it should stand.
    `rule` is the id of the edit check that refused it. `about` is what the event says of itself, as far as it was read.
    """

    stored: StoredEvent
    code: ReasonCode
    reason: Text
    pointer: str
    rule: str | None = None
    failures: tuple[Failure, ...] = ()
    about: Any = None

    @property
    def subject(self) -> tuple[str | None, str | None, int | None]:
        """Unit, survey and year, each None when the event does not say it."""
        unit = getattr(self.about, "unit", None) or getattr(self.about, "unit_id", None)
        return unit, getattr(self.about, "survey", None), getattr(self.about, "year", None)


def not_an_event(stored: StoredEvent, fault: EventFault, about: Any = None) -> Parked:
    """`fault.what` quotes the payload or a standard, and stays in English."""
    place = fault.pointer or "hela händelsen"
    reason = REASONS[fault.code]
    sv = f"{reason.title.sv} ({place}): {fault.what}"
    return Parked(
        stored, reason.code, Text(sv=sv, en=f"{fault.where} {fault.what} {fault.now}"), fault.pointer, about=about
    )


def wrong_topic(stored: StoredEvent, kind: str, about: Any) -> Parked:
    sv = f"En händelse av typen {kind} hör inte hemma i {stored.topic}. Skicka den till rätt topic."
    en = f"An event of type {kind} does not belong on {stored.topic}. Send it to the right topic."
    return Parked(stored, WRONG_TOPIC, Text(sv=sv, en=en), "/type", about=about)


def unknown_survey(stored: StoredEvent, about: Any) -> Parked:
    sv = f"Kartläggningen {about.survey} finns inte. Rätta namnet, eller lägg till den och spela upp igen."
    en = f"There is no survey {about.survey}. Correct its name, or add it and replay."
    return Parked(stored, UNKNOWN_SURVEY, Text(sv=sv, en=en), "/data/survey", about=about)


def unknown_year(stored: StoredEvent, about: Any, known: Sequence[int]) -> Parked:
    years = ", ".join(map(str, known))
    sv = f"{about.survey} har inget år {about.year}, bara {years}. Rätta året."
    en = f"{about.survey} has no year {about.year}, only {years}. Correct the year."
    return Parked(stored, UNKNOWN_SURVEY, Text(sv=sv, en=en), "/data/year", about=about)


def unknown_unit(stored: StoredEvent, about: Any) -> Parked:
    sv = f"Enheten {about.unit} finns inte i registret. Rätta koden, eller registrera enheten och spela upp igen."
    en = f"The unit {about.unit} is not in the register. Correct the code, or register the unit and replay."
    return Parked(stored, UNKNOWN_UNIT, Text(sv=sv, en=en), "/data/unit", about=about)


_KINDS = {"region": "region", "kommun": "kommun", "mottagning": "clinic"}


def unit_not_asked(stored: StoredEvent, about: Any, kind: str, q: Questionnaire) -> Parked:
    asked_sv, asked_en = ", ".join(q.respondents), ", ".join(_KINDS[one] for one in q.respondents)
    sv = f"{about.survey} {about.year} frågar {asked_sv}, men {about.unit} är {kind}. Rätta enheten."
    en = f"{about.survey} {about.year} asks {asked_en}, but {about.unit} is a {_KINDS[kind]}. Correct the unit."
    return Parked(stored, UNIT_NOT_ASKED, Text(sv=sv, en=en), "/data/unit", about=about)


def other_questionnaire(stored: StoredEvent, about: Any, q: Questionnaire) -> Parked:
    name, given, valid = f"{q.survey} {q.year}", about.questionnaire, q.fingerprint
    sv = f"Svaret gäller formulär {given}, men {name} är {valid}. Svara på det gällande formuläret."
    en = f"The response is to questionnaire {given}, but {name} is {valid}. Answer the one in force."
    return Parked(stored, QUESTIONNAIRE_MISMATCH, Text(sv=sv, en=en), "/data/questionnaire", about=about)


def checks_failed(stored: StoredEvent, about: Any, failures: Sequence[Failure]) -> Parked:
    """The first failure gives rule and pointer; all of them go along."""
    first, more = failures[0], len(failures) - 1
    sv = first.message.sv + (f" (och {more} till)" if more else "")
    en = first.message.en + (f" (and {more} more)" if more else "")
    pointer = answer_pointer(first)
    return Parked(stored, CHECKS_FAILED, Text(sv=sv, en=en), pointer, first.check, tuple(failures), about)


def id_reused(stored: StoredEvent, about: Any, partition: int, offset: int) -> Parked:
    taken = f"{about.submission_id} ({partition}/{offset})"
    sv = f"Inlämningen {taken} finns redan med annat innehåll. Skicka rättelsen med ett eget id."
    en = f"The submission {taken} is there already with other content. Send the correction under an id of its own."
    return Parked(stored, SUBMISSION_ID_REUSED, Text(sv=sv, en=en), "/data/submission_id", about=about)


def cannot_happen(stored: StoredEvent, about: Any, why: str) -> Parked:
    """`why` is the error of the register or the rounds, which is in English."""
    sv = f"Händelsen går inte ihop med det som hänt tidigare: {why}"
    en = f"The event does not fit what happened before: {why}"
    return Parked(stored, CANNOT_HAPPEN, Text(sv=sv, en=en), "/data", about=about)


def unexpected(stored: StoredEvent, fault: Exception) -> Parked:
    what = f"{type(fault).__name__}: {fault}"
    sv = f"Ett fel i programmet hindrade läsningen: {what}. Rapportera det och spela upp igen när det är rättat."
    en = f"A fault in the program kept it from being read: {what}. Report it, and replay once it is mended."
    return Parked(stored, UNEXPECTED, Text(sv=sv, en=en), "")
