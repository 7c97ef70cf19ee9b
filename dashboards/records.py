"""The rows that the dashboards read: plain facts of one publication, texts already in one language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from surveys.burden import Use, is_always_unchanged

Language = Literal["sv", "en"]
Sex = Literal["T", "K", "M"]
Form = Literal["number", "choice", "text"]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is in force. `watermarks`: the last event read of each partition of the log."""

    publish_id: str
    published_at: datetime
    as_of: datetime
    events: int
    accepted: int
    parked: int
    held: tuple[str, ...]
    watermarks: dict[str, int]


@dataclass(frozen=True, slots=True)
class Survey:
    """One year of a mapping. `answered` of `expected` units of every kind; `late` of the answered came after due_at.

    `state` is None without a round, else not_yet_open, open, paused or closed.
    """

    survey: str
    year: int
    title: str
    status: str
    reference_period: str
    perspective: str
    respondents: tuple[str, ...]
    held_reason: str | None
    state: str | None
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    answered: int
    expected: int
    late: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A respondent."""

    unit_id: str
    kind: str
    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Asked(Unit):
    """A respondent that was asked in a year, and whether it has answered."""

    has_answered: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of a kind were asked and how many answered: of a region, or of the country ('00')."""

    kind: str
    region_code: str
    name: str
    answered: int
    expected: int


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator (id `indicator:…`) or an item (id `item:…`) that units can be compared by.

    `form`: a number per unit, a choice among categories, or text. `unit` is what the number is counted in.
    """

    id: str
    label: str
    form: Form
    definition: str
    source: str
    unit: str
    is_percent: bool
    direction: str
    decimals: int
    base: str
    by_sex: bool
    kinds: tuple[str, ...]
    group: str

    @property
    def is_indicator(self) -> bool:
        return self.id.startswith("indicator:")

    @property
    def name(self) -> str:
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a measure: of a unit, of a region's units together, or of the country (level).

    `answered` of `expected` units are behind it; when `value` is None, `missing` says why. `category` is '' where the
    measure has none. `text` is what a text item says.
    """

    unit_id: str
    name: str
    level: str
    region_code: str
    sex: str
    category: str
    category_label: str
    value: float | None
    numerator: float | None
    denominator: float | None
    answered: int
    expected: int
    missing: str | None
    note: str | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What the country's figure was from a publication on: the value, or why it was missing, and who was behind it."""

    published_at: datetime
    value: float | None
    answered: int
    expected: int
    missing: str | None


@dataclass(frozen=True, slots=True)
class YearOfMeasure:
    """Whether a measure in a year can be compared with the nearest earlier one, and if not, why."""

    year: int
    comparable: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that was published elsewhere, with its own base and source."""

    measure: str
    period: str
    year: int
    value: float | None
    text: str | None
    precision: str
    base: str
    source: str
    category: str
    sex: str
    treated: str
    as_of: date | None
    unit: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an audit found about one expectation on one part, why it is expected, and since when it is so."""

    survey: str
    year: int
    title: str
    severity: str
    success: bool
    observed: str | None
    elements: int | None
    unexpected: int | None
    checked_at: datetime
    reason: str | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A number outside what its unit's peers or own earlier years let expect, with what the respondent has said."""

    survey: str
    year: int
    unit: str
    question: str
    sex: str
    value: float
    expected_low: float
    expected_high: float
    kind: str
    per_inhabitant: bool
    explanation: str | None


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The median time in minutes over `units` of `answered` that responded; `section` is '' for the whole response.

    `how`: measured by the form, or stated with the response.
    """

    kind: str
    how: str
    section: str
    minutes: float
    units: int
    answered: int


@dataclass(frozen=True, slots=True)
class Burdened:
    """A question and what it is for; of `answering` units `compared` answered the time before too, `unchanged` alike.

    `use` as surveys.burden has it, `used_by` the names of what needs it. `compared_with` is None where answers do not
    compare; `minutes` is an estimate.
    """

    item_id: str
    section: str
    question: str
    use: Use
    used_by: tuple[str, ...]
    compared_with: int | None
    answering: int
    compared: int
    unchanged: int
    minutes: float | None

    @property
    def is_always_unchanged(self) -> bool:
        return is_always_unchanged(self.unchanged, self.compared)


@dataclass(frozen=True, slots=True)
class Explained:
    """A soft check that a current response fails, with the respondent's explanation."""

    survey: str
    year: int
    unit: str
    rule: str
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Parked:
    """How many events wait as dead letters for one reason; the survey is None when the event did not say."""

    survey: str | None
    year: int | None
    code: str
    n: int


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """One event that waits as a dead letter. What it does not say of itself is None; `unit` is a name or a code."""

    letter: str
    survey: str | None
    year: int | None
    unit: str | None
    code: str
    rule: str | None
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """One value that a later response of a unit changed; each side is a number, a text, or why there is none."""

    year: int
    region_code: str
    unit: str
    item: str
    row_no: int | None
    sex: str | None
    submitted_at: datetime
    mode: str
    reason: str | None
    before_number: float | None
    before_text: str | None
    before_missing: str | None
    after_number: float | None
    after_text: str | None
    after_missing: str | None


@dataclass(frozen=True, slots=True)
class RevisedFigure:
    """A national figure as it was published on a day, and as it is here."""

    measure: str
    period: str
    then: float
    now: float
    as_of: date
    decimals: int
    is_percent: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A response as it came in."""

    submitted_at: datetime
    unit: str
    title: str
    year: int
    mode: str
    revision: int
    late: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A figure's place: what it is of, and where. `measure` is an id as of Measure; `level` country, region or unit."""

    survey: str
    year: int
    measure: str
    unit_kind: str
    level: str
    unit: str
    sex: str = "T"
    category: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """A unit behind a figure: what it adds, or why it does not, and the response that says so.

    `numerator` and `denominator` are None where that is nothing, or hidden; a response is there if the unit sent one.
    """

    unit_id: str
    name: str
    numerator: float | None
    denominator: float | None
    missing: str | None
    submission_id: str | None
    event_id: str | None
    position: str | None
    submitted_at: datetime | None
    mode: str | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class Used:
    """An answer that a figure looks at: for its numerator or denominator (side), how (role), and whether it counts."""

    unit: str
    question: str
    sex: str | None
    side: str | None
    role: str | None
    counts: bool
    row_no: int | None
    value_number: float | None
    text: str | None
    missing: str | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One submission of a unit; `current` is the one that counts."""

    unit: str
    submission_id: str
    event_id: str
    position: str
    submitted_at: datetime
    mode: str
    revision: int
    current: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission as it was found by one of its names; `counting` is the unit's submission that counts."""

    survey: str
    year: int
    title: str
    fingerprint: str
    unit_id: str
    kind: str
    counting: str | None
    revision: Revision


@dataclass(frozen=True, slots=True)
class Fed:
    """A figure that a response stands behind; `counts` says whether it adds anything to it."""

    place: Place
    label: str
    unit: str
    category_label: str
    value: float | None
    missing: str | None
    decimals: int
    is_percent: bool
    counts: bool
