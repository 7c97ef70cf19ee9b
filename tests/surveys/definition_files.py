"""A small sound survey, and faults made in it: the line that is wrong says so in a comment with its code."""

import re
from pathlib import Path

FIRST_YEAR = """\
survey: tiny
year: 2022
status: published
reference_year: 2022
title: {sv: Liten, en: Tiny}
respondents: [region, kommun]
reference_period: {sv: Läget i dag, en: The situation today}
options:
  steg:
    - {code: planeras, label: {sv: Planeras, en: Planned}}
    - {code: i_drift, label: {sv: I drift, en: In operation}}
sections:
  - id: lage
    title: {sv: Läge, en: Situation}
    items:
      - {id: status, type: one_of, label: {sv: Finns det?, en: Is there one?}, required: true, options: steg}
      - id: enheter
        type: integer
        label: {sv: Hur många?, en: How many?}
        unit_of_measure: {sv: enheter, en: units}
        when: {item: status, is: i_drift}
        checks:
          - {kind: range, min: 0, max: 50}
      - {id: fordon, type: integer, label: {sv: Fordon, en: Vehicles}, unit_of_measure: {sv: enheter, en: units}}
      - {id: kostnad, type: decimal, label: {sv: Kostnad, en: Cost}, unit_of_measure: {sv: kronor, en: SEK}}
      - {id: besok, type: integer, label: {sv: Besök, en: Visits}, unit_of_measure: {sv: b, en: v}, split_by_sex: true}
      - id: partner
        type: several_of
        label: {sv: Partner, en: Partners}
        options: [{code: polis, label: {sv: P, en: P}}, {code: ingen, label: {sv: I, en: N}}]
      - {id: start, type: date, label: {sv: Start, en: Start}}
      - {id: slut, type: date, label: {sv: Slut, en: End}}
      - {id: fran, type: year, label: {sv: Från år, en: From year}}
      - {id: fritt, type: text, label: {sv: Fritt, en: Free}}
      - {id: om, type: note, label: {sv: Om det, en: About it}}
      - {id: nattoppet, type: boolean, label: {sv: Natt?, en: Night?}}
  - id: rader
    title: {sv: Rader, en: Rows}
    items:
      - id: lista
        type: roster
        register: programme
        label: {sv: Lista, en: List}
        items:
          - {id: program, type: text, label: {sv: Namn, en: Name}}
          - {id: skede, type: one_of, label: {sv: Skede, en: Step}, options: steg}
          - {id: antal, type: integer, label: {sv: Antal, en: Number}, when: {item: skede, is: i_drift}}
      - {id: sist, type: text, label: {sv: Sist, en: Last}, respondents: [kommun]}
checks:
  - {kind: less_or_equal, smaller: fordon, larger: enheter}
  - {kind: unique_rows, roster: lista, by: [program]}
indicators:
  - id: andel
    label: {sv: Andel, en: Share}
    definition: {sv: Andel i drift, en: Share in operation}
    source: {sv: SKR, en: SKR}
    unit_of_measure: {sv: procent, en: per cent}
    numerator: {kind: count_units, where: {item: status, is: i_drift}}
    denominator: {kind: answering_units}
    scale: 100
"""

NEXT_YEAR = """\
survey: tiny
year: 2023
status: open
based_on: 2022
changes:
  - change_item: enheter
    to: {label: {sv: Hur många enheter?, en: How many units?}}
    lineage: {kind: reworded}
  - add_item: {id: antal_bilar, type: integer, label: {sv: Bilar, en: Cars}}
    section: lage
    after: enheter
"""

_EXPECTED = re.compile(r"#((?: S\d{3})+)$")


def write(folder: Path, *definitions: str) -> list[Path]:
    """The definitions as files of the survey `tiny`, each named by its year."""
    survey = folder / "tiny"
    survey.mkdir(exist_ok=True)
    paths = []
    for text in definitions:
        year = re.search(r"^year: *(\d+)", text, re.MULTILINE)
        paths.append(survey / f"{year.group(1) if year else 'none'}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def expected(text: str) -> list[tuple[int, str]]:
    """(line, code) of every fault the comments announce."""
    return [
        (number, code)
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := _EXPECTED.search(line))
        for code in found.group(1).split()
    ]


def altered(text: str, old: str, new: str) -> str:
    """The text with one passage replaced, which must be in it exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
