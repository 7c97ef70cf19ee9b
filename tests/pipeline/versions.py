"""Six versions of a survey, and an answer to each of them.

Between the versions an option is removed, an item is removed and comes back, one is renamed, one becomes several,
one gets another type, one another unit, and all change places.
"""

from pathlib import Path
from typing import Any

from surveys.catalogue import Catalogue

FIRST = """\
survey: six
year: 2021
status: published
reference_year: 2021
title: {sv: Sex, en: Six}
respondents: [region]
reference_period: {sv: Läget i dag, en: The situation today}
sections:
  - id: a
    title: {sv: A, en: A}
    items:
      - {id: antal, type: integer, label: {sv: Antal, en: Number}}
      - {id: mal, type: integer, label: {sv: Mål, en: Goal}}
      - id: steg
        type: one_of
        label: {sv: Steg, en: Step}
        options:
          - {code: utreds, label: {sv: Utreds, en: Examined}}
          - {code: beslutad, label: {sv: Beslutad, en: Decided}}
          - {code: i_drift, label: {sv: I drift, en: In operation}}
      - id: stod
        type: one_of
        label: {sv: Stöd, en: Support}
        options: [{code: chatt, label: {sv: Chatt, en: Chat}}, {code: telefon, label: {sv: Telefon, en: Phone}}]
      - {id: tid, type: integer, label: {sv: Tid, en: Time}, unit_of_measure: {sv: timmar, en: hours}}
      - {id: ort, type: text, label: {sv: Ort, en: Place}}
  - {id: b, title: {sv: B, en: B}, items: [{id: sist, type: text, label: {sv: Sist, en: Last}}]}
"""
LATER = {
    # An option goes, and says which takes its place.
    2022: """\
  - change_item: steg
    to:
      options:
        - {code: beslutad, label: {sv: Beslutad, en: Decided}}
        - {code: i_drift, label: {sv: I drift, en: In operation}}
    lineage: {kind: recoded, recode: {utreds: [beslutad]}}
""",
    # An item is renamed, another removed.
    2023: """\
  - {change_item: antal, to: {id: enheter}, lineage: {kind: reworded}}
  - {remove_item: ort}
""",
    # The removed one comes back with another meaning; one of becomes several of.
    2024: """\
  - {add_item: {id: ort, type: integer, label: {sv: Antal orter, en: Places}}, section: b}
  - {change_item: stod, to: {type: several_of}, lineage: {kind: recoded}}
""",
    # The type of one and the unit of another change.
    2025: """\
  - {change_item: mal, to: {type: text, label: {sv: "Mål, i ord", en: "Goal, in words"}}, lineage: {kind: recoded}}
  - {change_item: tid, to: {unit_of_measure: {sv: minuter, en: minutes}}, lineage: {kind: unit_changed}}
""",
    # Everything stands in another place.
    2026: """\
  - {remove_item: enheter}
  - add_item: {id: enheter, type: integer, concept: antal, label: {sv: Antal, en: Number}}
    section: b
    after: sist
    lineage: {kind: same, items: [enheter]}
""",
}
ANSWERS: dict[int, dict[str, Any]] = {
    2021: {"antal": 1, "mal": 10, "steg": "utreds", "stod": "chatt", "tid": 2, "ort": "Kiruna", "sist": "2021"},
    2022: {"antal": 2, "mal": 20, "steg": "beslutad", "stod": "telefon", "tid": 3, "ort": "Ystad", "sist": "2022"},
    2023: {"enheter": 3, "mal": 30, "steg": "i_drift", "stod": "chatt", "tid": 4, "sist": "2023"},
    2024: {
        "enheter": 4,
        "mal": 40,
        "steg": "i_drift",
        "stod": ["chatt", "telefon"],
        "tid": 5,
        "ort": 7,
        "sist": "2024",
    },
    2025: {
        "enheter": 5,
        "mal": "Femtio",
        "steg": "beslutad",
        "stod": ["telefon"],
        "tid": 360,
        "ort": 8,
        "sist": "2025",
    },
    2026: {"enheter": 6, "mal": "Sextio", "steg": "i_drift", "stod": ["chatt"], "tid": 420, "ort": 9, "sist": "2026"},
}


def definitions(folder: Path) -> Catalogue:
    """The six versions as files, each later one as what it changes."""
    survey = folder / "six"
    survey.mkdir(parents=True)
    (survey / "2021.yaml").write_text(FIRST, encoding="utf-8")
    for year, changes in LATER.items():
        head = f"survey: six\nyear: {year}\nstatus: open\nbased_on: {year - 1}\nchanges:\n"
        (survey / f"{year}.yaml").write_text(head + changes, encoding="utf-8")
    return Catalogue(folder)
