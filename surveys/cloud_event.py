"""The CloudEvents 1.0.2 envelope, to the letter: what each attribute may hold, and what a faulty event says.

Sources: CloudEvents 1.0.2 (core and JSON format), RFC 3339 (time), RFC 3986 (URI), RFC 2046 (media type).
One known width: the inside of an IPv6 address in a URI is not parsed.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

from surveys.errors import SurveyError

# The specification's String: no control characters, no noncharacters (surrogates never get past the JSON reader).
_PLAIN = r"[^\x00-\x1f\x7f-\x9f" + "\ufdd0-\ufdef\ufffe\uffff]"
_PCT = r"%[0-9A-Fa-f]{2}"
_SIGNS = r"A-Za-z0-9\-._~!$&'()*+,;="
_PCHAR = rf"(?:[{_SIGNS}:@]|{_PCT})"
_HOST = rf"(?:\[(?:[0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[{_SIGNS}:]+)\]|(?:[{_SIGNS}]|{_PCT})*)"
_AUTHORITY = rf"//(?:(?:[{_SIGNS}:]|{_PCT})*@)?{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*"
_ABSOLUTE_PATH = rf"/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
_ROOTLESS = rf"{_PCHAR}+(?:/{_PCHAR}*)*"
_NO_SCHEME = rf"(?:[{_SIGNS}@]|{_PCT})+(?:/{_PCHAR}*)*"
_QUERY = rf"(?:\?(?:{_PCHAR}|[/?])*)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*:"
_ABSOLUTE = rf"{_SCHEME}(?:{_AUTHORITY}|{_ABSOLUTE_PATH}|{_ROOTLESS})?{_QUERY}"
_RELATIVE = rf"(?:{_AUTHORITY}|{_ABSOLUTE_PATH}|{_NO_SCHEME})?{_QUERY}"
URI = rf"^{_ABSOLUTE}$"
URI_REFERENCE = rf"^(?:{_ABSOLUTE}|{_RELATIVE})(?:#(?:{_PCHAR}|[/?])*)?$"
_TOKEN = r"[A-Za-z0-9!#$%&'*+\-.^_`|~]+"
_PARAMETER = rf'[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*")'
# Only JSON data is read here, so only JSON media types are let in.
JSON_MEDIA_TYPE = rf"^{_TOKEN}/(?:{_TOKEN}\+)?[Jj][Ss][Oo][Nn](?:{_PARAMETER})*$"
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
"""A timestamp as RFC 3339 writes it; whether the day exists is for the calendar to say."""


class EventFault(SurveyError):
    """An event that cannot be accepted: `code` from FAULTS, `pointer` (RFC 6901) into it, `what` is wrong.

    Raised by decode, handed back by agrees. `where` is the pointer.
    """

    code: ClassVar[str] = "S300"

    def __init__(self, code: str, pointer: str, what: str) -> None:
        super().__init__(pointer or "event", what, FAULTS[code])
        self.code = code  # type: ignore[misc]  # one class, the codes of FAULTS
        self.pointer = pointer


FAULTS: dict[str, str] = {
    "S301": "Send one CloudEvent as a JSON object in UTF-8.",
    "S302": "Add what is missing and send the event again.",
    "S303": "Use one of the types in docs/events.md.",
    "S304": "Follow CloudEvents 1.0.2 and send the event again.",
    "S305": "Name extension attributes with a-z and 0-9 only, and give them a string, a whole number or true/false.",
    "S306": "Correct the data by docs/events.md and send the event again.",
    "S307": "Let subject, key and data name the same unit, survey and year.",
    "S308": "Write every name once in each object.",
    "S309": "Upgrade this installation, and replay the event.",
}
"""The codes of a faulty event, and what to do now."""


def timestamp(value: object) -> datetime:
    """The moment that an RFC 3339 timestamp names, in UTC; raises ValueError.

    A leap second is the last microsecond before the next minute: `datetime` has no second 60.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs an offset from UTC")
        return _in_utc(value)
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("is not a timestamp as RFC 3339 writes it, for example 2026-05-31T14:03:21.123Z")
    if value[17:19] == "60":
        return _leap_second(value)
    return _in_utc(datetime.fromisoformat(value.upper()))


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from None


def _leap_second(value: str) -> datetime:
    moment = _in_utc(datetime.fromisoformat(f"{value[:17]}59.999999{value[19:].lstrip('.0123456789')}".upper()))
    if (moment.hour, moment.minute) != (23, 59):
        raise ValueError("has a second 60 elsewhere than at the end of a day in UTC")
    return moment


def _written(moment: datetime) -> str:
    precision = "milliseconds" if moment.microsecond % 1000 == 0 else "microseconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _printable(value: str) -> str:
    """Beyond the first plane the last two characters of each are noncharacters too."""
    if not value.isascii() and any(ord(sign) & 0xFFFE == 0xFFFE for sign in value):
        raise ValueError("holds a character that Unicode has set aside")
    return value


Timestamp = Annotated[
    datetime,
    PlainValidator(timestamp, json_schema_input_type=str),
    PlainSerializer(_written, return_type=str),
    Field(json_schema_extra={"format": "date-time"}),
]
String = Annotated[str, Field(pattern=rf"^{_PLAIN}+$"), AfterValidator(_printable)]
Id = Annotated[str, Field(pattern=rf"^{_PLAIN}+$", max_length=200), AfterValidator(_printable)]
Uri = Annotated[str, Field(pattern=URI, json_schema_extra={"format": "uri"})]
UriReference = Annotated[str, Field(pattern=URI_REFERENCE, min_length=1, json_schema_extra={"format": "uri-reference"})]
JsonMediaType = Annotated[str, Field(pattern=JSON_MEDIA_TYPE)]
_ExtensionName = Annotated[str, Field(pattern=r"^[a-z0-9]+$")]
ExtensionValue = (
    bool
    | Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
    | Annotated[str, Field(pattern=rf"^{_PLAIN}*$"), AfterValidator(_printable)]
    | None
)


class CloudEvent(BaseModel):
    """The envelope. Attributes beyond the named ones are extensions and are kept.

    An attribute that is null counts as not set, as the JSON format says. Each event type narrows `type` and `data`.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")
    __pydantic_extra__: dict[_ExtensionName, ExtensionValue] = Field(init=False)

    specversion: Literal["1.0"]
    type: str
    source: UriReference
    id: Id
    subject: String | None = None
    time: Timestamp | None = None
    datacontenttype: JsonMediaType | None = None
    dataschema: Uri | None = None
    data: Any

    @property
    def extensions(self) -> dict[str, bool | int | str]:
        """The extension attributes that are set."""
        return {name: value for name, value in (self.model_extra or {}).items() if value is not None}
