"""The surveys as pages to read: what each asks, how it is checked and what is made of it.

`python -m surveys.handbook` writes docs/surveys/*.md, docs/checks.md and docs/definition-faults.md from the
definitions; a test fails when they differ.
"""

import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from surveys.catalogue import Catalogue, load_catalogue
from surveys.check_kinds import AnyCheck
from surveys.descriptions import describe
from surveys.fault_codes import CODES
from surveys.questionnaire import Item, Questionnaire

MADE = "<!-- made by `python -m surveys.handbook`; change the definition instead -->\n\n"


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    catalogue = load_catalogue()
    surveys = {f"surveys/{survey}.md": _survey_page(catalogue, survey) for survey in catalogue.surveys()}
    return {**surveys, "checks.md": _checks_page(), "definition-faults.md": _faults_page()}


def write(folder: Path) -> None:
    """Write every page below `folder`."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _survey_page(catalogue: Catalogue, survey: str) -> str:
    years = catalogue.years(survey)
    newest = catalogue.get(survey, years[-1])
    published = ", ".join(str(year) for year in years if catalogue.get(survey, year).status == "published")
    head = (
        f"# {newest.title.sv} (`{survey}`)\n\n{newest.intro.sv if newest.intro else ''}\n\n"
        f"Asked: {', '.join(newest.respondents)}. Published years: {published}. Open: {years[-1]}.\n\n"
    )
    return MADE + head + _items(newest) + _changes(catalogue, survey, years) + _checks(newest) + _indicators(newest)


def _items(q: Questionnaire) -> str:
    rows = [
        (f"`{address}`", item.label.sv, item.type, _unit(item), _answer(item))
        for address, item in q.items.items()
        if item.type != "note"
    ]
    return f"## Items {q.year}\n\n" + _table(("item", "question", "type", "unit", "answers"), rows)


def _unit(item: Item) -> str:
    return item.unit_of_measure.sv if item.unit_of_measure else ""


def _answer(item: Item) -> str:
    words = [f"`{option.code}` {option.label.sv}" for option in item.options]
    words += ["by sex"] if item.split_by_sex else []
    words += [{"dont_know": "vet ej", "not_applicable": "ej tillämpligt"}[reason] for reason in item.missing_allowed]
    words += ["required"] if item.required else []
    return " · ".join(words)


def _changes(catalogue: Catalogue, survey: str, years: list[int]) -> str:
    rows = [
        (str(year), f"`{address}`", item.lineage.kind, ", ".join(f"`{old}`" for old in item.lineage.items), _note(item))
        for year in years[1:]
        for address, item in catalogue.get(survey, year).items.items()
        if item.lineage.kind != "same"
    ]
    return "## Lineage\n\n" + _table(("year", "item", "is", "of", "note"), rows)


def _note(item: Item) -> str:
    return item.lineage.note.sv if item.lineage.note else ""


def _checks(q: Questionnaire) -> str:
    rows = [(f"`{check.id}`", check.kind, check.severity, describe(check, q).sv) for check in q.checks]
    return f"## Checks {q.year}\n\n" + _table(("check", "kind", "severity", "what must hold"), rows)


def _indicators(q: Questionnaire) -> str:
    rows = [
        (f"`{indicator.id}`", indicator.label.sv, indicator.unit_of_measure.sv, indicator.definition.sv)
        for indicator in q.indicators
    ]
    return f"## Indicators {q.year}\n\n" + _table(("indicator", "label", "unit", "definition"), rows)


def _checks_page() -> str:
    kinds = get_args(get_args(AnyCheck)[0])
    rows = [
        (
            f"`{kind.model_fields['kind'].annotation.__args__[0]}`",
            " ".join((inspect.getdoc(kind) or "").split()) if kind.__doc__ else "",
            ", ".join(f"`{name}`" for name in kind.model_fields if name != "kind"),
        )
        for kind in kinds
    ]
    intro = "The closed set of edit checks. Hard ones refuse a response, soft ones ask for an explanation.\n\n"
    return f"{MADE}# Check kinds\n\n{intro}" + _table(("kind", "holds when", "written with"), rows)


def _faults_page() -> str:
    rows = [(kind.code, kind.what.en, kind.now.en) for kind in CODES.values()]
    intro = "What `lagesbild surveys check` says of a definition. Braces stand for the facts of the one fault.\n\n"
    return f"{MADE}# Faults of a definition\n\n{intro}" + _table(("code", "what", "what now"), rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join((*_lines(heads, rows), "", ""))


def _lines(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


if __name__ == "__main__":
    write(Path("docs"))
