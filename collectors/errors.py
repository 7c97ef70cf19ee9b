"""Every refusal of the collectors, in Swedish and English, with the code and the HTTP status that callers rely on."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from infra.errors import Error
from surveys.model import Frozen, Language, Text

Kind = Literal["missing", "invalid"]


class Finding(Frozen):
    """One thing to correct: `item` and `row` (from 1) in the answers, `sheet` and `cell` in a workbook."""

    check: str
    item: str | None = None
    row: int | None = None
    severity: Literal["hard", "soft"] = "hard"
    message: Text
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None


class Refused(Error):
    """A request that was not accepted, and nothing of it stored as a response.

    `wire` is the code on the wire, `status` the HTTP status, `message` what is wrong and what to do now.
    """

    code: ClassVar[str] = "C000"
    wire: ClassVar[str] = "REFUSED"
    status: ClassVar[int] = 400

    def __init__(self, where: str, what: Text, now: Text, findings: Iterable[Finding] = ()) -> None:
        super().__init__(where, what.en, now.en)
        self.message = Text(sv=f"{what.sv} {now.sv}", en=f"{what.en} {now.en}")
        self.findings = tuple(findings)

    def in_language(self, language: Language) -> str:
        """The code, the place, what is wrong and what to do now, then one line for each finding."""
        lines = [f"{self.code} {self.where}: {self.message.in_language(language)}"]
        return "\n".join([*lines, *(f"  {_line(finding, language)}" for finding in self.findings)])


class BadRequest(Refused):
    """The request cannot be read at all."""

    code = "C001"
    wire = "BAD_REQUEST"

    def __init__(self, where: str, what: Text, now: Text) -> None:
        super().__init__(where, what, now)


class BadBody(Refused):
    """The body could be read but is not of the form asked for; `findings` has every fault in it."""

    code = "C002"
    wire = "BAD_REQUEST"
    status = 422

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__(
            "body",
            Text(sv="Innehållet har inte den form som behövs.", en="The content does not have the form it needs."),
            Text(sv="Rätta det som står nedan och skicka igen.", en="Correct what is listed below and send again."),
            findings,
        )


class WrongContentType(Refused):
    code = "C003"
    wire = "BAD_REQUEST"
    status = 415

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(
            "Content-Type",
            Text(sv=f"Innehållstypen är ”{given}”.", en=f"The content type is “{given}”."),
            Text(sv=f"Skicka med Content-Type: {wanted}.", en=f"Send with Content-Type: {wanted}."),
        )
        self.given = given


class TooLarge(Refused):
    code = "C004"
    wire = "TOO_LARGE"
    status = 413

    def __init__(self, limit_bytes: int) -> None:
        megabytes = limit_bytes // 1_000_000
        super().__init__(
            "body",
            Text(
                sv=f"Det som skickades är större än {megabytes} MB.", en=f"What was sent is larger than {megabytes} MB."
            ),
            Text(sv="Gör det mindre och skicka igen.", en="Make it smaller and send again."),
        )
        self.limit_bytes = limit_bytes


class NoToken(Refused):
    code = "C005"
    wire = "NO_TOKEN"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "Authorization",
            Text(sv="Giltig åtkomstnyckel saknas.", en="A valid token is missing."),
            Text(
                sv="Skicka Authorization: Bearer följt av enhetens nyckel. Be SKR om en ny om den är spärrad.",
                en="Send Authorization: Bearer followed by the unit's token. Ask SKR for a new one if it is revoked.",
            ),
        )


class NotYours(Refused):
    code = "C006"
    wire = "NOT_YOURS"
    status = 403

    def __init__(self, unit: str, own: str) -> None:
        super().__init__(
            unit,
            Text(
                sv=f"Du är inloggad för enhet {own}, men sidan hör till enhet {unit}.",
                en=f"You are signed in for unit {own}, but the page belongs to unit {unit}.",
            ),
            Text(
                sv=f"Logga in med länken eller nyckeln för enhet {unit}, eller gå tillbaka till er egen.",
                en=f"Use the link or the token of unit {unit}, or go back to your own.",
            ),
        )
        self.unit = unit
        self.own = own


class UnknownSurvey(Refused):
    code = "C007"
    wire = "UNKNOWN_SURVEY"
    status = 404

    def __init__(self, survey: str, year: int) -> None:
        super().__init__(
            f"{survey}/{year}",
            Text(sv="Kartläggningen finns inte för det året.", en="There is no such survey for that year."),
            Text(sv="Se listan på /api/v1/surveys.", en="See the list at /api/v1/surveys."),
        )


class UnknownUnit(Refused):
    """No such unit, or one that this survey is not asked of."""

    code = "C008"
    wire = "UNKNOWN_UNIT"
    status = 404

    def __init__(self, unit: str, survey: str | None = None) -> None:
        asked = Text(sv=f"Enheten tillfrågas inte i {survey}.", en=f"The unit is not asked in {survey}.")
        unknown = Text(sv="Enheten finns inte.", en="There is no such unit.")
        self.is_asked = survey is None
        super().__init__(
            unit,
            asked if survey else unknown,
            Text(
                sv="Kontrollera koden: två siffror för en region, fyra för en kommun.",
                en="Check the code: two digits for a region, four for a kommun.",
            ),
        )


class RoundNotOpen(Refused):
    code = "C009"
    wire = "ROUND_NOT_OPEN"
    status = 409

    def __init__(self, survey: str, year: int, state: str) -> None:
        what, now = ROUND_STATES[state]
        super().__init__(f"{survey}/{year}", what, now)
        self.state = state


class SubmissionIdReused(Refused):
    code = "C010"
    wire = "SUBMISSION_ID_REUSED"
    status = 409

    def __init__(self, submission_id: str) -> None:
        super().__init__(
            submission_id,
            Text(
                sv="Samma submission_id har redan använts med annat innehåll.",
                en="The same submission_id was already used with other content.",
            ),
            Text(
                sv="Det tidigare svaret är orört. Skicka det nya med ett nytt submission_id.",
                en="The earlier response is untouched. Send the new one with a new submission_id.",
            ),
        )


class ChecksFailed(Refused):
    code = "C011"
    wire = "CHECKS_FAILED"
    status = 422

    def __init__(self, where: str, findings: Iterable[Finding]) -> None:
        found = tuple(findings)
        places_sv = "ett ställe" if len(found) == 1 else f"{len(found)} ställen"
        places_en = "one place" if len(found) == 1 else f"{len(found)} places"
        super().__init__(
            where,
            Text(
                sv=f"Svaret behöver ses över på {places_sv}.",
                en=f"The response needs a look in {places_en}.",
            ),
            Text(
                sv="Rätta dem, eller förklara de värden som stämmer, och skicka igen. Inget har tagits emot.",
                en="Correct them, or explain the values that are right, and send again. Nothing was accepted.",
            ),
            found,
        )


class CorrectsUnknown(Refused):
    code = "C012"
    wire = "CORRECTS_UNKNOWN"
    status = 422

    def __init__(self, corrects: str) -> None:
        super().__init__(
            "corrects",
            Text(
                sv=f"Enheten har inget mottaget svar med submission_id {corrects} här.",
                en=f"The unit has no accepted response with submission_id {corrects} here.",
            ),
            Text(
                sv="Ange ett av de egna svaren i samma kartläggning och år.",
                en="Name an own response of the same survey and year.",
            ),
        )


class ReasonMissing(Refused):
    code = "C013"
    wire = "REASON_MISSING"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            "reason",
            Text(sv="En rättelse efter stängning behöver ett skäl.", en="A correction after closing needs a reason."),
            Text(sv="Skriv kort i reason varför svaret ändras.", en="Say briefly in reason why the response changes."),
        )


class LogDown(Refused):
    """The event log does not answer: the response is reserved, and the same submission id is safe to send again."""

    code = "C014"
    wire = "LOG_UNAVAILABLE"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "log",
            Text(sv="Mottagningen svarar inte just nu.", en="The receiving end does not answer right now."),
            Text(
                sv="Inget har gått förlorat. Skicka igen om en stund med samma submission_id.",
                en="Nothing is lost. Send again in a moment with the same submission_id.",
            ),
        )


class DatabaseDown(Refused):
    code = "C015"
    wire = "DATABASE_UNAVAILABLE"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "database",
            Text(sv="Databasen svarar inte just nu.", en="The database does not answer right now."),
            Text(
                sv="Inget har gått förlorat. Skicka igen om en stund med samma submission_id.",
                en="Nothing is lost. Send again in a moment with the same submission_id.",
            ),
        )


class WorkbookRefused(Refused):
    """A workbook that cannot be read as answers; `findings` names every cell at fault."""

    code = "C016"
    wire = "WORKBOOK_REFUSED"
    status = 422

    def __init__(self, where: str, findings: Iterable[Finding]) -> None:
        super().__init__(
            where,
            Text(sv="Arbetsboken kunde inte läsas som svar.", en="The workbook could not be read as answers."),
            Text(
                sv="Rätta det som står nedan och skicka den igen.", en="Correct what is listed below and send it again."
            ),
            findings,
        )


class ResponseTooLong(Refused):
    code = "C017"
    wire = "TOO_LARGE"
    status = 413

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            "answers",
            Text(
                sv=f"Svaret är {size} byte och får vara högst {limit}.",
                en=f"The response is {size} bytes; at most {limit} are taken.",
            ),
            Text(sv="Korta ned texterna och skicka igen.", en="Shorten the texts and send again."),
        )


class LinkInvalid(Refused):
    code = "C018"
    wire = "LINK_INVALID"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "link",
            Text(sv="Inloggningslänken gäller inte.", en="The sign-in link is not valid."),
            Text(sv="Be SKR om en ny länk.", en="Ask SKR for a new link."),
        )


class NotFound(Refused):
    code = "C019"
    wire = "NOT_FOUND"
    status = 404

    def __init__(self, path: str) -> None:
        super().__init__(
            path,
            Text(sv="Adressen finns inte.", en="There is no such address."),
            Text(sv="Se /openapi.json för dem som finns.", en="See /openapi.json for those there are."),
        )


class MethodNotAllowed(Refused):
    code = "C020"
    wire = "METHOD_NOT_ALLOWED"
    status = 405

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"{method} {path}",
            Text(sv="Adressen tar inte emot den metoden.", en="The address does not take that method."),
            Text(sv="Se /openapi.json för dem som den tar emot.", en="See /openapi.json for those it takes."),
        )


class Broken(Refused):
    """A fault of ours; the details are in the server's log and never in the answer."""

    code = "C021"
    wire = "INTERNAL_ERROR"
    status = 500

    def __init__(self) -> None:
        super().__init__(
            "server",
            Text(sv="Något gick fel hos oss.", en="Something went wrong on our side."),
            Text(
                sv="Försök igen med samma submission_id. Hör av dig till SKR om felet består.",
                en="Try again with the same submission_id. Tell SKR if it goes on.",
            ),
        )


class UnknownToken(Refused):
    code = "C022"
    wire = "UNKNOWN_TOKEN"
    status = 404

    def __init__(self, token_id: str) -> None:
        super().__init__(
            token_id,
            Text(sv="Nyckeln finns inte.", en="There is no such token."),
            Text(sv="Se `lagesbild tokens list`.", en="See `lagesbild tokens list`."),
        )


class UnknownRound(Refused):
    code = "C023"
    wire = "UNKNOWN_ROUND"
    status = 404

    def __init__(self, survey: str, year: int) -> None:
        super().__init__(
            f"{survey}/{year}",
            Text(sv="Ingen insamling har öppnats.", en="No round has been opened."),
            Text(sv="Öppna den med `lagesbild rounds open`.", en="Open it with `lagesbild rounds open`."),
        )


class RoundStateWrong(Refused):
    """A step that the round's state does not allow, such as resuming what is not paused."""

    code = "C024"
    wire = "ROUND_STATE_WRONG"
    status = 409

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(where, what, Text(sv="Se `lagesbild rounds list`.", en="See `lagesbild rounds list`."))


class FileUnreadable(Refused):
    code = "C025"
    wire = "BAD_REQUEST"

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(
            path,
            Text(sv=f"Filen kan inte läsas ({cause}).", en=f"The file cannot be read ({cause})."),
            Text(sv="Kontrollera sökväg och rättigheter.", en="Check the path and its rights."),
        )


class Forged(Refused):
    """A post that did not come from a page of ours in this session."""

    code = "C026"
    wire = "FORGED"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "form",
            Text(
                sv="Begäran kom från en annan webbplats eller en tidigare inloggning.",
                en="The request came from another site or an earlier session.",
            ),
            Text(sv="Öppna sidan på nytt och försök igen.", en="Open the page anew and try again."),
        )


class NotSignedIn(Refused):
    code = "C027"
    wire = "NOT_SIGNED_IN"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "session",
            Text(sv="Ingen är inloggad.", en="Nobody is signed in."),
            Text(sv="Logga in med länken i inbjudan.", en="Sign in with the link in the invitation."),
        )


ROUND_STATES: dict[str, tuple[Text, Text]] = {
    "none": (
        Text(sv="Ingen insamling har öppnats.", en="No round has been opened."),
        Text(sv="Kontrollera kartläggning och år.", en="Check the survey and the year."),
    ),
    "not_yet_open": (
        Text(sv="Insamlingen har inte öppnat än.", en="The round has not opened yet."),
        Text(sv="Spara svaret och skicka det när den öppnar.", en="Keep the response and send it when it opens."),
    ),
    "paused": (
        Text(sv="Insamlingen är pausad.", en="The round is paused."),
        Text(sv="Spara svaret och skicka det när den återupptas.", en="Keep the response and send it when it resumes."),
    ),
    "closed": (
        Text(sv="Insamlingen är stängd.", en="The round is closed."),
        Text(
            sv="Rätta ett tidigare svar genom att ange det i corrects och skälet i reason.",
            en="Correct an earlier response by naming it in corrects and the reason in reason.",
        ),
    ),
}


def _line(finding: Finding, language: Language) -> str:
    in_workbook = f"{finding.sheet}!{finding.cell}" if finding.sheet and finding.cell else finding.sheet
    in_answers = f"{finding.item} [{finding.row}]" if finding.row else finding.item
    place = in_workbook or in_answers or finding.check
    return f"{place}: {finding.message.in_language(language)} ({finding.check}, {finding.severity})"
