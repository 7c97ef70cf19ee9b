"""The page about the suites, made of them: what each expectation means, how grave it is, and why it is expected."""

from collections.abc import Iterator
from inspect import cleandoc
from types import UnionType
from typing import get_args

from pipeline import texts
from pipeline.expectation_kinds import AnyExpected, Expected
from pipeline.handwritten import read_suite, suite_files
from surveys.catalogue import load_catalogue
from surveys.model import Text

# What is asked of every part as a whole, in the order of `whole_table`.
OF_EVERY_PART: tuple[tuple[str, Text], ...] = (
    ("critical", texts.ONE_RESPONSE_EACH),
    ("critical", texts.KNOWN_UNITS),
    ("critical", texts.AS_MANY_AS_IN_LOG),
    ("critical", texts.EVERY_ANSWER_STANDS),
    ("critical", texts.NO_MORE_THAN_ASKED),
    ("warning", texts.SHARE_ANSWERED),
    ("warning", texts.OUTLIERS),
    ("warning", texts.NATIONAL_CHANGE),
)
_INTRO = """# Suites

Each survey and year is audited as a whole before it is published. What is asked of it comes from three places:

- **check**: every edit check of its questionnaire, on the table of all answers. They stand on the survey's page
  ({surveys}).
- **table**: what must hold of any part as a whole, below.
- **handwritten**: what somebody who knows the field has written about the mapping, in
  `pipeline/expected/<survey>.yaml`, below.

A *critical* expectation that does not hold holds the part: what is published stays as it was. A *warning* is shown on
the page *Datakvalitet* of the dashboards. `lagesbild validate` asks all of it; `lagesbild suites list` prints it.
"""
_WRITING = """## Writing an expectation

An expectation has an `id` of its own in the survey, a `kind` with its fields, a `severity`, and a `meaning` and a
`reason` in both languages; `since` and `until` say which years it is asked of, all when they are left out. `lagesbild
suites check` tells every fault of a suite at once. A suite that is empty, misspelt or does not fit what the year asks
holds its parts until it is mended. Changing a suite audits its survey anew at the next run.

| kind | what lies between its bounds, or holds | fields |
|---|---|---|
"""


def page() -> str:
    """docs/suites.md, whole."""
    catalogue = load_catalogue()
    surveys = ", ".join(f"[{survey}](surveys/{survey}.md)" for survey in catalogue.surveys())
    parts = [_INTRO.format(surveys=surveys), _of_every_part()]
    for path in suite_files():
        suite = read_suite(path)
        title = catalogue.get(suite.survey, catalogue.years(suite.survey)[-1]).title.sv
        parts.append(f"## {title} (`{suite.survey}`)\n\n{_rows(suite.expectations)}\n")
    parts.append(_WRITING + "\n".join(_kinds()) + "\n")
    return "\n".join(parts)


def _of_every_part() -> str:
    rows = [f"| {severity} | {meaning.sv}<br>*{meaning.en}* |" for severity, meaning in OF_EVERY_PART]
    return "## Every part\n\n| severity | meaning |\n|---|---|\n" + "\n".join(rows) + "\n"


def _rows(expectations: tuple[Expected, ...]) -> str:
    head = "| expectation | severity | years | meaning | reason |\n|---|---|---|---|---|\n"
    return head + "\n".join(_row(one) for one in expectations)


def _row(one: Expected) -> str:
    years = "all" if one.since is None and one.until is None else f"{one.since or ''}–{one.until or ''}"
    return f"| `{one.id}` | {one.severity} | {years} | {_both(one.meaning)} | {_both(one.reason)} |"


def _both(text: Text) -> str:
    return f"{text.sv}<br>*{text.en}*"


def _kinds() -> Iterator[str]:
    union: UnionType = get_args(AnyExpected)[0]
    for kind in get_args(union):
        own = [name for name in kind.model_fields if name not in Expected.model_fields and name != "kind"]
        fields = ", ".join(f"`{name}`" for name in own)
        name = get_args(kind.model_fields["kind"].annotation)[0]
        yield f"| `{name}` | {' '.join(cleandoc(kind.__doc__).split())} | {fields} |"
