"""What a form's page is made of, ready to be laid out: every text in one language, every field with its content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What a check said, beside its field and in the summary.

    `place` names the question where the message does not; `target` is the id of the field to go to; `explained` what
    was written to settle a soft one, and `asks` whether this is the place to write it (a check may fail in several
    rows and is explained once).
    """

    check: str
    severity: str
    place: str
    message: str
    target: str
    explained: str
    asks: bool

    @property
    def settled(self) -> bool:
        return self.severity == "soft" and bool(self.explained.strip())


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field; `id` is the id of its radio button or box."""

    id: str
    value: str
    label: str
    help: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One of the fields of a split item; `before` is last year's."""

    id: str
    label: str
    text: str
    before: str


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday's opening hours: which kind is chosen, and the times."""

    id: str
    label: str
    chosen: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question with its content. `id` is also the name its fields begin with.

    `when` is the routing condition as JSON for the page's script and `only_if` the same in words; `aside` that the
    question is not asked, given the other answers. `before` is last year's answer in lines.
    """

    id: str
    address: str
    kind: str
    target: str
    label: str
    help: str
    definition: str
    period: str
    unit: str
    required: bool
    when: str
    only_if: str
    aside: bool
    text: str
    multiline: bool
    choices: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    parts: tuple[Part, ...]
    days: tuple[Day, ...]
    before: tuple[str, ...]
    told: tuple[Told, ...]
    answered: bool
    roster: "Roster | None" = None

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader reads with the field."""
        there = (("help", self.help or self.period), ("unit", self.unit), ("before", self.before), ("told", self.told))
        return " ".join(f"{self.id}.{name}" for name, content in there if content)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a roster. `number` is None while nothing is filled in; `cells` sum it up."""

    key: str
    id: str
    number: int | None
    title: str
    cells: tuple[str, ...]
    fields: tuple[Field, ...]
    told: tuple[Told, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of a roster, an empty one to copy, removed ones that can be put back, and how many could be fetched."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    blank: Row
    removed: tuple[tuple[str, str], ...]
    removed_fields: tuple[tuple[str, str], ...]
    fetchable: int


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `answered` of its `total` questions on path are answered."""

    id: str
    title: str
    intro: str
    when: str
    only_if: str
    aside: bool
    fields: tuple[Field, ...]
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form."""

    sections: tuple[Section, ...]
    hard: tuple[Told, ...]
    soft: tuple[Told, ...]
    aside: tuple[str, ...]
    kept_explanations: tuple[tuple[str, str], ...]

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)

    @property
    def unsettled(self) -> int:
        """How many failures stand in the way of sending."""
        return len(self.hard) + sum(not told.settled for told in self.soft)
