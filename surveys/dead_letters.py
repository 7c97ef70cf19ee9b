"""Why an event is parked as a dead letter: a closed list, and for each reason who can mend it and what to do now.

`docs/dead-letters.md` is made from this list and from `surveys.letter_records`.
"""

from typing import Final, Literal, get_args

from surveys.model import Frozen, Text

ReasonCode = Literal[
    "S301",
    "S302",
    "S303",
    "S304",
    "S305",
    "S306",
    "S307",
    "S308",
    "S309",
    "WRONG_TOPIC",
    "WRITER_NOT_ALLOWED",
    "UNKNOWN_SURVEY",
    "UNKNOWN_UNIT",
    "UNIT_NOT_ASKED",
    "QUESTIONNAIRE_MISMATCH",
    "ROUND_NOT_OPEN",
    "CHECKS_FAILED",
    "SUBMISSION_ID_REUSED",
    "CORRECTS_UNKNOWN",
    "REASON_MISSING",
    "TOO_LARGE",
    "CANNOT_HAPPEN",
    "UNEXPECTED",
]
Mender = Literal["respondent", "author", "operator", "writer"]
REASON_CODES: Final[tuple[ReasonCode, ...]] = get_args(ReasonCode)
MENDERS: Final[tuple[Mender, ...]] = get_args(Mender)

MENDER_NAMES: Final[dict[Mender, Text]] = {
    "respondent": Text(sv="den som svarar", en="the respondent"),
    "author": Text(sv="den som skriver kartläggningen", en="the author of the mapping"),
    "operator": Text(sv="driften", en="the operator"),
    "writer": Text(sv="systemet som skickade", en="the system that sent it"),
}


class Reason(Frozen):
    """One reason: its `title`, who can mend it, and what that one does `now`."""

    code: ReasonCode
    mendable_by: Mender
    title: Text
    now: Text


def _reason(code: ReasonCode, mendable_by: Mender, title: tuple[str, str], now: tuple[str, str]) -> Reason:
    (sv, en), (now_sv, now_en) = title, now
    return Reason(code=code, mendable_by=mendable_by, title=Text(sv=sv, en=en), now=Text(sv=now_sv, en=now_en))


_SEND_RIGHT = ("Rätta systemet som skickar, och skicka svaret igen.", "Mend the sending system, and send it again.")
_CORRECT_ID = (
    "Öppna formuläret, kontrollera svaret och skicka det.",
    "Open the form, look the response over and send it.",
)
_LIST = (
    _reason(
        "S301",
        "writer",
        ("Innehållet är inte en CloudEvent i JSON", "The content is not a CloudEvent in JSON"),
        _SEND_RIGHT,
    ),
    _reason("S302", "writer", ("Något saknas", "Something is missing"), _SEND_RIGHT),
    _reason("S303", "writer", ("Händelsetypen är okänd", "The type of the event is unknown"), _SEND_RIGHT),
    _reason(
        "S304",
        "writer",
        ("Kuvertet följer inte CloudEvents 1.0.2", "The envelope does not follow CloudEvents 1.0.2"),
        _SEND_RIGHT,
    ),
    _reason(
        "S305",
        "writer",
        ("Ett tilläggsattribut är fel skrivet", "An extension attribute is written wrongly"),
        _SEND_RIGHT,
    ),
    _reason(
        "S306",
        "writer",
        ("Uppgifterna följer inte händelsens beskrivning", "The data does not follow the event's description"),
        _SEND_RIGHT,
    ),
    _reason("S307", "writer", ("Händelsen säger emot sig själv", "The event contradicts itself"), _SEND_RIGHT),
    _reason("S308", "writer", ("Ett namn står mer än en gång", "A name is written more than once"), _SEND_RIGHT),
    _reason(
        "S309",
        "operator",
        ("Händelsen är av en senare version", "The event is of a later version"),
        ("Uppgradera installationen och spela upp händelsen igen.", "Upgrade this installation, and replay the event."),
    ),
    _reason(
        "WRONG_TOPIC",
        "writer",
        ("Händelsen hör inte hemma i den topic där den ligger", "The event does not belong on its topic"),
        ("Skicka den till rätt topic.", "Send it to the right topic."),
    ),
    _reason(
        "WRITER_NOT_ALLOWED",
        "writer",
        ("Systemet talar för en annan enhet", "The system speaks for another unit"),
        (
            "Skicka bara den egna enhetens svar. Driften: ta reda på varför, innan något spelas upp.",
            "Send the own unit's responses only. The operator: find out why before anything is replayed.",
        ),
    ),
    _reason(
        "UNKNOWN_SURVEY",
        "author",
        ("Kartläggningen eller året finns inte", "There is no such mapping or year"),
        (
            "Lägg till den och spela upp igen. Var namnet fel skickas svaret om med rätt namn.",
            "Add it and replay. If the name was wrong, the response is sent again with the right one.",
        ),
    ),
    _reason(
        "UNKNOWN_UNIT",
        "operator",
        ("Enheten finns inte i registret", "The unit is not in the register"),
        (
            "Registrera enheten och spela upp igen. Var koden fel skickas svaret om med rätt kod.",
            "Register the unit and replay. If the code was wrong, the response is sent again with the right one.",
        ),
    ),
    _reason(
        "UNIT_NOT_ASKED",
        "writer",
        ("Enheten får inte frågan", "The unit is not asked"),
        ("Skicka svaret för en enhet som får frågan.", "Send the response for a unit that is asked."),
    ),
    _reason(
        "QUESTIONNAIRE_MISMATCH",
        "writer",
        ("Svaret gäller en annan lydelse av frågorna", "The response is to another version of the questions"),
        (
            "Hämta frågorna på nytt, gå igenom svaret och skicka det igen.",
            "Fetch the questions anew, look the response over and send it again.",
        ),
    ),
    _reason(
        "ROUND_NOT_OPEN",
        "respondent",
        ("Omgången var inte öppen när svaret kom", "The round was not open when the response came"),
        (
            "Skicka svaret när omgången är öppen, eller be SKR öppna den.",
            "Send the response while the round is open, or ask SKR to open it.",
        ),
    ),
    _reason(
        "CHECKS_FAILED",
        "respondent",
        ("Svaret klarar inte kontrollerna", "The response fails its checks"),
        (
            "Öppna formuläret, rätta eller förklara det som står nedan och skicka svaret.",
            "Open the form, correct or explain what is listed below and send the response.",
        ),
    ),
    _reason(
        "SUBMISSION_ID_REUSED",
        "respondent",
        ("Inlämningens id var redan använt för ett annat svar", "The submission id stood for another response"),
        (
            "Skicka svaret igen, från formuläret eller med ett nytt id.",
            "Send the response again, from the form or under a new id.",
        ),
    ),
    _reason(
        "CORRECTS_UNKNOWN",
        "respondent",
        ("Svaret rättar en inlämning som inte finns", "The response corrects a submission that is not there"),
        _CORRECT_ID,
    ),
    _reason(
        "REASON_MISSING",
        "respondent",
        ("Rättelsen saknar skäl", "The correction has no reason"),
        (
            "Skicka rättelsen igen och skriv varför svaret rättas.",
            "Send the correction again and say why the response is corrected.",
        ),
    ),
    _reason(
        "TOO_LARGE",
        "respondent",
        ("Svaret är för stort", "The response is too large"),
        ("Korta de längsta texterna och skicka svaret igen.", "Shorten the longest texts and send it again."),
    ),
    _reason(
        "CANNOT_HAPPEN",
        "operator",
        ("Händelsen går inte ihop med det som hänt tidigare", "The event does not fit what happened before"),
        (
            "Rätta omgången, enheten eller programmet, och spela upp igen.",
            "Mend the round, the unit or the programme, and replay.",
        ),
    ),
    _reason(
        "UNEXPECTED",
        "operator",
        ("Ett fel i programmet hindrade läsningen", "A fault in the program kept it from being read"),
        ("Rapportera felet, och spela upp igen när det är rättat.", "Report the fault, and replay once it is mended."),
    ),
)
REASONS: Final[dict[str, Reason]] = {reason.code: reason for reason in _LIST}


def mendable_by(code: str) -> Mender:
    """Who can mend a letter parked for that reason; a code of a newer version is the operator's to look at."""
    reason = REASONS.get(code)
    return "operator" if reason is None else reason.mendable_by
