"""Mistakes in a first year's file: what stands in the sound one, and what an author wrote instead."""

# ruff: noqa: E501 - a mistake and its line stand together

_STATUS = (
    "      - {id: status, type: one_of, label: {sv: Finns det?, en: Is there one?}, required: true, options: steg}\n"
)
_SIST = "      - {id: sist, type: text, label: {sv: Sist, en: Last}, respondents: [kommun]}\n"
_FRITT = "      - {id: fritt, type: text, label: {sv: Fritt, en: Free}}\n"
_NUMERATOR = "    numerator: {kind: count_units, where: {item: status, is: i_drift}}\n"
_DENOMINATOR = "    denominator: {kind: answering_units}\n"
_NATT = "      - {id: nattoppet, type: boolean, label: {sv: Natt?, en: Night?}}\n"


def _check(text: str) -> tuple[str, str]:
    """A check more."""
    return "  - {kind: unique_rows, roster: lista, by: [program]}\n", f"  - {text}\n"


def _item(text: str) -> tuple[str, str]:
    """Another item in place of the free text."""
    return _FRITT, f"      - {text}\n"


def _numerator(text: str) -> tuple[str, str]:
    return _NUMERATOR, f"    numerator: {text}\n"


def _denominator(text: str) -> tuple[str, str]:
    return _DENOMINATOR, f"    denominator: {text}\n"


FILES = {
    "not yaml": ("title: {sv: Liten, en: Tiny}", "title: {sv: Liten, en: Tiny\nintro: ]  # S102"),
    "key twice": ("status: published\n", "status: published\nyear: 2022  # S103\n"),
    "anchor in itself": (
        "reference_period: {sv: Läget i dag, en: The situation today}",
        "reference_period: &a [*a]  # S105 S113",
    ),
    "decomposed letters": (
        "reference_period: {sv: Läget i dag, en: The situation today}",
        "reference_period: {sv: La\u0308get, en: Now}  # S106",
    ),
    "other folder": ("survey: tiny", "survey: other  # S108"),
    "indicators no list": ("indicators:\n", "zz:  # S111\n"),
    "options no mapping": (_FRITT, "      - Fritt  # S104\n"),
    "items no list": (
        "  - id: rader\n",
        "  - {id: tom, title: {sv: T, en: T}, items: {}}  # S104 S125\n  - id: rader\n",
    ),
}

SHAPES = {
    "a past in the first year": _item(
        "{id: fritt, type: text, label: {sv: F, en: F}, lineage: {kind: reworded, items: [fanns]}}  # S195"
    ),
    "unknown key": ("        type: integer\n", "        type: integer\n        requried: true  # S111\n"),
    "unknown key of an option": ("{sv: Planeras, en: Planned}}", "{sv: Planeras, en: Planned}, txt: x}  # S111"),
    "unknown key of a check": ("{kind: range, min: 0, max: 50}", "{kind: range, min: 0, maxx: 50}  # S111"),
    "unknown key of a condition": (
        "        when: {item: status, is: i_drift}\n",
        "        when: {item: status, is: i_drift, iss: 1}  # S111\n",
    ),
    "unknown key of the header": ("status: published", "status: published\nstats: 1  # S111"),
    "missing type": (_FRITT, "      - {id: fritt, label: {sv: Fritt, en: Free}}  # S112\n"),
    "missing id": (_FRITT, "      - {type: text, label: {sv: Fritt, en: Free}}  # S112\n"),
    "missing status": ("survey: tiny\nyear: 2022\nstatus: published\n", "survey: tiny  # S112\nyear: 2022\n"),
    "kind of check left out": _check("{item: fritt, min: 2}  # S112"),
    "number as a word": ("{kind: range, min: 0, max: 50}", "{kind: range, min: noll, max: 50}  # S113"),
    "unknown type": (_FRITT, "      - {id: fritt, type: string, label: {sv: Fritt, en: Free}}  # S114\n"),
    "unknown check": ("{kind: range, min: 0, max: 50}", "{kind: rnge, min: 0, max: 50}  # S114"),
    "unknown status": ("status: published", "status: publishd  # S114"),
    "one language": ("        label: {sv: Hur många?, en: How many?}", "        label: {sv: Hur många?}  # S115"),
    "plain text": ("        label: {sv: Hur många?, en: How many?}", "        label: Hur många?  # S115"),
    "one language of an option": ("label: {sv: Planeras, en: Planned}}", "label: {sv: Planeras}}  # S115"),
    "empty text": (
        "        label: {sv: Hur många?, en: How many?}",
        '        label: {sv: Hur många?, en: " "}  # S116',
    ),
    "empty intro": (
        "title: {sv: Liten, en: Tiny}",
        'title: {sv: Liten, en: Tiny}\nintro: {sv: "", en: ""}  # S116 S116',
    ),
    "condition without a test": ("when: {item: status, is: i_drift}\n", "when: {item: status}  # S117\n"),
    "no read as false": (
        "{code: planeras, label: {sv: Planeras, en: Planned}}",
        "{code: no, label: {sv: Nej, en: n}}  # S118",
    ),
    "decimals": _item("{id: x, type: decimal, label: {sv: X, en: X}, decimals: 9}  # S119"),
    "suppress below less": _item("{id: x, type: integer, label: {sv: X, en: X}, suppress_below: -1}  # S119"),
    "capital in an id": _item("{id: Fritt, type: text, label: {sv: X, en: X}}  # S120"),
    "å in an id": _item("{id: frågan, type: text, label: {sv: X, en: X}}  # S120"),
    "double underscore in an id": _item("{id: a__b, type: text, label: {sv: X, en: X}}  # S120"),
    "section id": ("  - id: lage\n", "  - id: Läge  # S120\n"),
    "indicator id": ("  - id: andel\n", "  - id: Andel  # S120\n"),
    "check id": _check("{id: X y, kind: length, item: fritt, min: 2}  # S120"),
}

WHOLE = {
    "item twice": (_FRITT, _FRITT + "      - {id: fritt, type: text, label: {sv: Igen, en: Again}}  # S121\n"),
    "section twice": ("  - id: rader\n", "  - id: lage  # S121\n"),
    "option twice": ("{code: ingen, label: {sv: I, en: N}}]", "{code: polis, label: {sv: I, en: N}}]  # S121"),
    "check twice": ("max: 50}\n", "max: 50}\n          - {kind: range, min: 1}  # S121\n"),
    "column twice": (
        "{id: skede,",
        "{id: program, type: text, label: {sv: N, en: N}}  # S121\n          - {id: skede,",
    ),
    "indicator twice": (
        "    scale: 100\n",
        "    scale: 100\n  - &again\n    id: andel  # S121\n    label: {sv: A, en: A}\n"
        "    definition: {sv: A, en: A}\n    source: {sv: A, en: A}\n    unit_of_measure: {sv: A, en: A}\n    numerator: {kind: count_units}\n",
    ),
    "name of an implied check": _check("{id: fritt.shape, kind: length, item: fritt, min: 2}  # S122"),
    "concept twice": _item("{id: x, type: text, label: {sv: X, en: X}, concept: enheter}  # S123"),
    "year far away": ("reference_year: 2022", "reference_year: 2012  # S124"),
    "year to come": ("reference_year: 2022", "reference_year: 2023  # S124"),
    "section without items": (
        "  - id: rader\n",
        "  - {id: tom, title: {sv: T, en: T}, items: []}  # S125\n  - id: rader\n",
    ),
    "respondents outside": ("respondents: [kommun]}", "respondents: [mottagning]}  # S126"),
    "section asked of others": ("  - id: rader\n", "  - id: rader\n    respondents: [mottagning]  # S126\n"),
    "nobody asked": ("respondents: [region, kommun]", "respondents: []  # S119"),
}

ITEMS = {
    "no options": _item("{id: x, type: one_of, label: {sv: X, en: X}}  # S130"),
    "one option": _item(
        "{id: x, type: one_of, label: {sv: X, en: X}, options: [{code: a, label: {sv: A, en: A}}]}  # S130"
    ),
    "options on text": _item("{id: x, type: text, label: {sv: X, en: X}, options: steg}  # S131"),
    "columns on text": _item(
        "{id: x, type: text, label: {sv: X, en: X}, items: [{id: y, type: text, label: {sv: Y, en: Y}}]}  # S131"
    ),
    "split text": _item("{id: x, type: text, label: {sv: X, en: X}, split_by_sex: true}  # S131"),
    "split percent": _item("{id: x, type: percent, label: {sv: X, en: X}, split_by_sex: true}  # S131"),
    "unit on text": _item("{id: x, type: text, label: {sv: X, en: X}, unit_of_measure: {sv: kr, en: kr}}  # S131"),
    "many lines of a number": _item("{id: x, type: integer, label: {sv: X, en: X}, multiline: true}  # S131"),
    "required note": _item("{id: x, type: note, label: {sv: X, en: X}, required: true}  # S131"),
    "unknown list of options": (_STATUS, _STATUS.replace("steg}", "stg}  # S132")),
    "same label twice": ("{sv: I drift, en: In operation}}", "{sv: Planeras, en: Planned too}}  # S134"),
    "roster without columns": _item("{id: x, type: roster, label: {sv: X, en: X}}  # S135"),
    "roster in a roster": (
        "{id: antal, type: integer,",
        "{id: inre, type: roster, label: {sv: I, en: I}, items: []}  # S136\n          - {id: antal, type: integer,",
    ),
    "note in a roster": (
        "{id: antal, type: integer,",
        "{id: inre, type: note, label: {sv: I, en: I}}  # S136\n          - {id: antal, type: integer,",
    ),
    "unknown register": ("        register: programme\n", "        register: program  # S137\n"),
}

ROUTING = {
    "unknown item": (
        "        when: {item: status, is: i_drift}\n",
        "        when: {item: statsu, is: i_drift}  # S150\n",
    ),
    "routed on a note": (_NATT, _NATT.replace("}}\n", "}, when: {item: om, answered: true}}  # S151\n")),
    "routed on a column": (_SIST, _SIST.replace("]}", "], when: {item: antal, at_least: 1}}  # S152")),
    "routed on a column by address": (_SIST, _SIST.replace("]}", "], when: {item: lista.antal, at_least: 1}}  # S152")),
    "later item": (
        "        when: {item: status, is: i_drift}\n",
        "        when: {item: nattoppet, is: true}  # S155\n",
    ),
    "itself": ("        when: {item: status, is: i_drift}\n", "        when: {item: enheter, at_least: 1}  # S156\n"),
    "section on its own item": ("  - id: rader\n", "  - id: rader\n    when: {item: sist, answered: true}  # S155\n"),
    "section on a later section": ("  - id: lage\n", "  - id: lage\n    when: {item: sist, answered: true}  # S155\n"),
    "asked of others": (
        _SIST,
        _SIST
        + "      - {id: y, type: text, label: {sv: Y, en: Y}, respondents: [region], when: {item: sist, answered: true}}  # S158\n",
    ),
    "at least of an option": (
        "        when: {item: status, is: i_drift}\n",
        "        when: {item: status, at_least: 1}  # S159\n",
    ),
    "is of several": (_NATT, _NATT.replace("}}\n", "}, when: {item: partner, is: polis}}  # S159\n")),
    "includes of one": (_NATT, _NATT.replace("}}\n", "}, when: {item: status, includes: i_drift}}  # S159\n")),
    "empty group": ("        when: {item: status, is: i_drift}\n", "        when: {all: []}  # S160\n"),
    "empty list": ("        when: {item: status, is: i_drift}\n", "        when: {item: status, in: []}  # S160\n"),
    "undefined option": (
        "        when: {item: status, is: i_drift}\n",
        "        when: {item: status, is: idrift}  # S133\n",
    ),
    "undefined option in a group": (
        "        when: {item: status, is: i_drift}\n",
        "        when:\n          any:\n            - {item: status, is: i_drift}\n            - not: {item: status, in: [borta]}  # S133\n",
    ),
    "word for a number": (_NATT, _NATT.replace("}}\n", '}, when: {item: fordon, is: "3"}}  # S168\n')),
    "number for yes": (_SIST, _SIST.replace("]}", "], when: {item: nattoppet, is: 1}}  # S168")),
    "column on a later column": (
        "{id: skede, type: one_of, label: {sv: Skede, en: Step}, options: steg}",
        "{id: skede, type: one_of, label: {sv: Skede, en: Step}, options: steg, when: {item: antal, at_least: 1}}  # S157",
    ),
}

CHECKS = {
    "unknown item of a check": _check("{kind: length, item: frit, min: 2}  # S150"),
    "note checked": _check("{kind: required_when, item: om, when: {item: status, is: i_drift}}  # S151"),
    "rows of no roster": _check("{kind: row_count, roster: fritt, max: 3}  # S154"),
    "range of a text": _check("{kind: range, item: fritt, max: 3}  # S161"),
    "pattern of a number": _check("{kind: pattern, item: fordon, regex: a, means: {sv: A, en: A}}  # S161"),
    "length of a number": _check("{kind: length, item: fordon, max: 3}  # S161"),
    "exclusive of one": _check("{kind: exclusive_option, item: status, options: [i_drift]}  # S161"),
    "change of a text": _check("{kind: change_against_last_year, item: fritt, ratio: 0.5}  # S161"),
    "dates in order of numbers": _check("{kind: dates_in_order, earlier: fordon, later: slut}  # S161"),
    "a date and a year": _check("{kind: dates_in_order, earlier: start, later: fran}  # S161"),
    "sum of different units": _check("{kind: sum_equals_total, parts: [fordon, enheter], total: kostnad}  # S162"),
    "kronor at most enheter": _check("{kind: less_or_equal, smaller: kostnad, larger: enheter}  # S162"),
    "ratio of different units": _check(
        "{kind: ratio_bounds, numerator: kostnad, denominator: enheter, max: 3}  # S162"
    ),
    "range without bounds": _check("{kind: range, item: fordon}  # S163"),
    "set without values": _check("{kind: in_set, item: fordon, values: []}  # S163"),
    "unique by nothing": _check("{kind: unique_rows, roster: lista, by: []}  # S163"),
    "least above most": ("{kind: range, min: 0, max: 50}", "{kind: range, min: 60, max: 50}  # S164"),
    "dates the wrong way round": _check("{kind: range, item: start, min: 2022-02-01, max: 2022-01-01}  # S164"),
    "impossible regex": _check("{kind: pattern, item: fritt, regex: '[a-', means: {sv: A, en: A}}  # S165"),
    "regex of Python alone": _check("{kind: pattern, item: fritt, regex: '(?P<a>b)', means: {sv: A, en: A}}  # S166"),
    "compared with itself": _check("{kind: less_or_equal, smaller: fordon, larger: fordon, id: x}  # S167"),
    "total among its parts": _check("{kind: sum_equals_total, parts: [fordon, enheter], total: fordon}  # S167"),
    "number range of a date": _check("{kind: range, item: start, min: 3}  # S168"),
    "date range of a number": _check("{kind: range, item: fordon, min: 2022-01-01}  # S168"),
    "text in a set of numbers": _check("{kind: in_set, item: fordon, values: [1, två]}  # S168"),
    "undefined option in a set": _check("{kind: in_set, item: status, values: [i_drift, borta]}  # S133"),
    "undefined exclusive option": _check("{kind: exclusive_option, item: partner, options: [inga]}  # S133"),
    "undefined option in the when of a check": _check(
        "{kind: required_when, item: fritt, when: {item: status, is: borta}}  # S133"
    ),
    "unknown column": _check("{kind: unique_rows, roster: lista, by: [programm]}  # S150"),
    "ratio below zero": _check("{kind: change_against_last_year, item: fordon, ratio: -0.5}  # S119"),
    "factor of nothing": _check("{kind: less_or_equal, smaller: fordon, larger: enheter, factor: 0, id: x}  # S119"),
    "negative length": _check("{kind: length, item: fritt, min: -2}  # S119"),
}

INDICATORS = {
    "sum of a text": _numerator("{kind: sum, items: [fritt]}  # S171"),
    "sum of a note": _numerator("{kind: sum, items: [om]}  # S171"),
    "sum of nothing": _numerator("{kind: sum, items: []}  # S119"),
    "sum of an unknown item": _numerator("{kind: sum, items: [fordom]}  # S150"),
    "sum of the same twice": _numerator("{kind: sum, items: [fordon, fordon]}  # S167"),
    "base of a text": _denominator("{kind: sum, items: [fritt]}  # S171"),
    "sum of different units": _numerator("{kind: sum, items: [fordon, kostnad]}  # S172"),
    "by sex of a count": (_DENOMINATOR, _DENOMINATOR + "    by_sex: true  # S173\n"),
    "by sex of an unsplit base": (
        _NUMERATOR + _DENOMINATOR,
        "    numerator: {kind: sum, items: [besok]}\n    denominator: {kind: sum, items: [fordon]}\n    by_sex: true  # S173\n",
    ),
    "scale without a base": (_DENOMINATOR + "    scale: 100\n", "    scale: 100  # S174\n"),
    "broken down by a number": (_DENOMINATOR, _DENOMINATOR + "    breakdown: fordon  # S175\n"),
    "broken down by an uncounted column": (_DENOMINATOR, _DENOMINATOR + "    breakdown: lista.skede  # S175\n"),
    "broken down by nothing known": (_DENOMINATOR, _DENOMINATOR + "    breakdown: lista.sked  # S150\n"),
    "kommuner of a kommun": _denominator("{kind: kommun_count}  # S176"),
    "rows of a text": _numerator("{kind: count_rows, roster: fritt}  # S154"),
    "distinct of an unknown column": _numerator("{kind: count_distinct, roster: lista, of: programm}  # S150"),
    "rows where something outside": _numerator(
        "{kind: count_rows, roster: lista, where: {item: status, is: i_drift}}  # S153"
    ),
    "rows where by address": _numerator(
        "{kind: count_rows, roster: lista, where: {item: lista.skede, is: i_drift}}  # S152"
    ),
    "undefined option in where": _numerator("{kind: count_units, where: {item: status, is: borta}}  # S133"),
    "ages the wrong way round": _denominator("{kind: population, from_age: 20, to_age: 3}  # S164"),
    "ages below zero": _denominator("{kind: population, from_age: -1}  # S119"),
    "scale of nothing": ("    scale: 100\n", "    scale: 0  # S119\n"),
    "computed for others": (_DENOMINATOR, _DENOMINATOR + "    respondents: [mottagning]  # S126\n"),
    "computed for those not asked": (
        _NUMERATOR,
        "    numerator: {kind: count_units, where: {item: sist, answered: true}}  # S158\n    respondents: [region]\n",
    ),
}

_ANDRA = (
    "      - {id: andra, type: roster, label: {sv: A, en: A}, items: [{id: n, type: integer, label: {sv: N, en: N}}]}\n"
)
_PRIVAT = "      - {id: privat, type: integer, label: {sv: P, en: P}, unit_of_measure: {sv: enheter, en: units}, respondents: [%s]}\n"
_CLINICS = ("respondents: [region, kommun]", "respondents: [region, kommun, mottagning]")

SEVERAL = {
    "register without its column": [
        ("        register: programme\n", "        register: programme  # S138\n"),
        ("{id: program, type: text,", "{id: program, type: integer,"),
    ],
    "circle": [
        ("        when: {item: status, is: i_drift}\n", "        when: {item: nattoppet, is: true}  # S157\n"),
        (_NATT, _NATT.replace("}}\n", "}, when: {item: enheter, at_least: 1}}\n")),
    ],
    "columns of two rosters": [
        (_SIST, _SIST + _ANDRA),
        _check("{kind: less_or_equal, smaller: lista.antal, larger: andra.n}  # S153"),
    ],
    "items never asked of the same": [
        (_SIST, _SIST + _PRIVAT % "region" + _PRIVAT.replace("privat", "annan") % "kommun"),
        _check("{kind: less_or_equal, smaller: privat, larger: annan}  # S158"),
    ],
    "inhabitants of a clinic": [_CLINICS, _check("{kind: per_inhabitant, item: fordon, per: 1000, max: 3}  # S169")],
    "population of a clinic": [_CLINICS, _denominator("{kind: population}  # S176")],
    "ten mistakes at once": [
        ("title: {sv: Liten, en: Tiny}", "title: {sv: Liten}  # S115"),
        ("        type: integer\n", "        type: integr  # S114\n"),
        ("max: 50}\n", "maxx: 50}  # S111\n"),
        (
            "{code: planeras, label: {sv: Planeras, en: Planned}}",
            "{code: planeras, label: {sv: Planeras, en: ''}}  # S116",
        ),
        (_FRITT, "      - {id: fran, type: text, label: {sv: F, en: F}}  # S121\n"),
        (_NATT, _NATT.replace("}}\n", "}, when: {item: sist, answered: true}}  # S155\n")),
        ("        register: programme\n", "        register: programe  # S137\n"),
        _check("{kind: pattern, item: sist, regex: '(', means: {sv: A, en: A}}  # S165"),
        _numerator("{kind: count_units, where: {item: status, is: drift}}  # S133"),
        _denominator("{kind: sum, items: [sist]}  # S171"),
    ],
}
