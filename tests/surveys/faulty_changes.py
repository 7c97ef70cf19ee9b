"""Mistakes in a later year's file, which builds on the sound first year."""

_HEAD = "survey: tiny\nyear: 2023\nstatus: open\nbased_on: 2022\n"


def _changes(*entries: str) -> str:
    return _HEAD + "changes:\n" + "".join(f"  - {entry}\n" for entry in entries)


_BIL = "{id: bil, type: integer, label: {sv: Bil, en: Car}}"

CHANGES = {
    "no year to build on": _HEAD.replace("based_on: 2022", "based_on: 2021  # S180") + "changes: []\n",
    "builds on itself": _HEAD.replace("based_on: 2022", "based_on: 2023  # S180") + "changes: []\n",
    "starts anew": "survey: tiny\nyear: 2023  # S110\nstatus: open\nreference_year: 2023\ntitle: {sv: L, en: T}\n"
    "respondents: [region]\nreference_period: {sv: I dag, en: Today}\n"
    "sections: [{id: a, title: {sv: A, en: A}, items: [{id: b, type: text, label: {sv: B, en: B}}]}]\n",
    "changes no list": _HEAD + "changes: {add_item: 1}  # S104\n",
    "change no mapping": _changes("remove_item  # S104"),
    "two changes in one": _changes("{remove_item: fritt, remove_check: x}  # S182"),
    "misspelt change": _changes("{remov_item: fritt}  # S182"),
    "key that does not belong": _changes("{remove_item: fritt, after: slut}  # S111"),
    "to is missing": _changes("{change_item: fritt}  # S112"),
    "item written as a text": _changes("{add_item: bil, section: lage}  # S104"),
    "sections written out": _HEAD + "sections: []  # S186\n",
    "columns changed in place": _changes("{change_item: lista, to: {items: []}}  # S186"),
    "checks changed in place": _changes("{change_item: fritt, to: {checks: []}}  # S186"),
    "remove what is not there": _changes("{remove_item: frit}  # S183"),
    "change what is not there": _changes("{change_item: frit, to: {required: true}}  # S183"),
    "remove a section that is not there": _changes("{remove_section: laget}  # S183"),
    "remove a check that is not there": _changes("{remove_check: enheter.rang}  # S183"),
    "change a check that is not there": _changes("{change_check: enheter.rang, to: {max: 3}}  # S183"),
    "remove an indicator that is not there": _changes("{remove_indicator: andl}  # S183"),
    "change an indicator that is not there": _changes("{change_indicator: andl, to: {scale: 1}}  # S183"),
    "add to a section that is not there": _changes(f"{{add_item: {_BIL}, section: laget}}  # S183"),
    "add to a roster that is not there": _changes(f"{{add_item: {_BIL}, roster: list}}  # S183"),
    "removed twice": _changes("{remove_item: fritt}", "{remove_item: fritt}  # S183"),
    "after what is not there": _changes(f"{{add_item: {_BIL}, section: lage, after: sist}}  # S184"),
    "section after what is not there": _changes(
        f"{{add_section: {{id: ny, title: {{sv: N, en: N}}, items: [{_BIL}]}}, after: x}}  # S184"
    ),
    "place left out": _changes(f"{{add_item: {_BIL}}}  # S185"),
    "added twice": _changes(f"{{add_item: {_BIL}, section: lage}}", f"{{add_item: {_BIL}, section: lage}}  # S121"),
    "added though it is there": _changes(
        "{add_item: {id: fritt, type: text, label: {sv: F, en: F}}, section: rader}  # S121"
    ),
    "renamed to what is there": _changes("{change_item: slut, to: {id: start}}  # S121"),
    "added with a fault": _changes("{add_item: {id: bil, type: integer, label: {sv: Bil}}, section: lage}  # S115"),
    "changed into a fault": _changes(
        "{change_item: fordon, to: {type: one_of}, lineage: {kind: unit_changed}}  # S130 S131 S161"
    ),
    "removed but still checked": _changes("{remove_item: fordon}  # S150"),
    "renamed but still checked": _changes("{change_item: fordon, to: {id: bilar}}  # S150"),
    "removed but still routed on": _changes("{remove_item: status}  # S150"),
    "lost option still used": _HEAD + "options:\n  steg:  # S133 S133 S192 S192\n"
    "    - {code: planeras, label: {sv: Planeras, en: P}}\n    - {code: klar, label: {sv: Klar, en: Done}}\n",
    "lineage to nothing": _changes(
        f"{{add_item: {_BIL}, section: lage, lineage: {{kind: split, items: [vagn]}}}}  # S190"
    ),
    "new with a past": _changes(f"{{add_item: {_BIL}, section: lage, lineage: {{kind: new, items: [fritt]}}}}  # S191"),
    "split from nothing": _changes(f"{{add_item: {_BIL}, section: lage, lineage: {{kind: split}}}}  # S191"),
    "unknown lineage": _changes("{change_item: fritt, to: {required: true}, lineage: {kind: reword}}  # S114"),
    "new words, the same": _changes("{change_item: fritt, to: {label: {sv: Annat, en: Other}}}  # S192"),
    "new unit, the same": _changes("{change_item: fordon, to: {unit_of_measure: {sv: st, en: pcs}}}  # S162 S192"),
    "new type, reworded": _changes("{change_item: slut, to: {type: year}, lineage: {kind: reworded}}  # S192"),
    "recode of an unknown option": _changes(
        "{change_item: partner, to: {required: true}, lineage: {kind: recoded, recode: {poli: [polis]}}}  # S193"
    ),
    "recode into an unknown option": _changes(
        "{change_item: partner, to: {required: true}, lineage: {kind: recoded, recode: {polis: [poli]}}}  # S193"
    ),
    "lost option, recoded without saying into what": _changes(
        "{change_item: partner, lineage: {kind: recoded}, to: "
        "{options: [{code: polis, label: {sv: P, en: P}}, {code: alla, label: {sv: A, en: A}}]}}  # S194"
    ),
}
