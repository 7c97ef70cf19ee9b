"""The gate: a change of the definitions that would move, relabel or lose old answers is refused, and says which."""

import shutil
from pathlib import Path

import pytest

from surveys.catalogue import Catalogue, packaged_definitions
from surveys.compatibility import refusals
from surveys.definition import check_path
from surveys.errors import CopyDiffers, DefinitionFaults
from surveys.fault_codes import CODES
from surveys.frozen import FILE as FINGERPRINTS
from surveys.frozen import fingerprints, freeze
from surveys.frozen_copies import FILE as COPIES
from surveys.frozen_copies import frozen_copies
from surveys.proposal import Given, read_kept, read_proposal
from surveys.refusal_kinds import KINDS
from surveys.refusals import Refusal
from tests.surveys.definition_files import FIRST_YEAR, altered, write

SECOND = "survey: tiny\nyear: 2023\nstatus: open\nbased_on: 2022\nchanges:\n{changes}"
THIRD = "survey: tiny\nyear: 2024\nstatus: open\nbased_on: 2023\nchanges:\n{changes}"
PLANERAS, I_DRIFT = "{code: planeras, label: {sv: Planeras, en: P}}", "{code: i_drift, label: {sv: I drift, en: D}}"


def kept_first_year(folder: Path) -> Path:
    """A folder where the first year is published and frozen."""
    kept = folder / "kept"
    kept.mkdir()
    write(kept, FIRST_YEAR)
    freeze(Catalogue(kept), "tiny", 2022)
    return kept


def refused(folder: Path, *years: str, given: dict[tuple[str, int], Given] | None = None) -> list[Refusal]:
    """What is refused of the years proposed together as one survey, where the first year is frozen."""
    kept = kept_first_year(folder)
    proposed = folder / "proposed"
    proposed.mkdir()
    write(proposed, *years)
    return list(refusals(read_proposal(proposed / "tiny", kept), read_kept(kept, given)))


def told(found: list[Refusal]) -> list[tuple[str, int, str | None, str | None]]:
    return [(one.code, one.year, one.item, one.option) for one in found]


def second(changes: str) -> tuple[str, str]:
    return FIRST_YEAR, SECOND.format(changes=changes)


def steps_replaced(options: str, lineage: str) -> tuple[str, str]:
    """The second year with other options of `status`."""
    return second(f"  - {{change_item: status, to: {{options: [{options}]}}, lineage: {{{lineage}}}}}\n")


def test_the_projects_own_definitions_move_no_answer() -> None:
    found = refusals(read_proposal(packaged_definitions()), read_kept())
    assert [one.sentence("sv") for one in found] == []


def test_every_frozen_year_has_a_copy_that_its_fingerprint_proves() -> None:
    frozen = fingerprints(packaged_definitions())
    assert frozen_copies(packaged_definitions(), frozen).keys() == frozen.keys()


def test_a_new_year_that_says_what_it_does_is_let_through(tmp_path: Path) -> None:
    changes = """\
  - {change_item: fritt, to: {id: fri, label: {sv: Fri text, en: Free text}}, lineage: {kind: reworded}}
  - {remove_item: slut}
  - {add_item: {id: bil, type: integer, label: {sv: Bil, en: Car}}, section: lage}
  - {change_item: kostnad, to: {unit_of_measure: {sv: tusen kronor, en: kSEK}}, lineage: {kind: unit_changed}}
"""
    assert refused(tmp_path, *second(changes)) == []


# In the same year: whatever was answered stays answered.


def test_an_option_that_answers_use_may_not_be_removed(tmp_path: Path) -> None:
    without = altered(FIRST_YEAR, "{code: ingen, label: {sv: I, en: N}}", "{code: annan, label: {sv: A, en: O}}")
    (gone, frozen) = refused(tmp_path, without)
    assert told([gone]) == [("S056", 2022, "partner", "ingen")]
    assert gone.sentence("sv") == (
        "S056 tiny/2022, partner, alternativ ingen: alternativet `ingen` (I) finns inte längre; svar som valt det står "
        "utan betydelse. Det gäller svaren från 2022. Ta tillbaka det, eller skriv `lineage: {kind: recoded, recode: "
        "{ingen: […]}}`."
    )
    assert frozen.code == "S044"


def test_an_option_may_not_get_another_meaning(tmp_path: Path) -> None:
    other = altered(FIRST_YEAR, "{code: polis, label: {sv: P, en: P}}", "{code: polis, label: {sv: Vård, en: Care}}")
    (relabelled, _) = refused(tmp_path, other)
    assert told([relabelled]) == [("S057", 2022, "partner", "polis")]
    assert "“P” and would now mean “Vård”" not in relabelled.sentence("en")
    assert "“P” and would now mean “Care”" in relabelled.sentence("en")


def test_one_answer_may_not_become_several_in_an_answered_year(tmp_path: Path) -> None:
    several = altered(FIRST_YEAR, "id: status, type: one_of", "id: status, type: several_of")
    several = several.replace("{item: status, is: i_drift}", "{item: status, includes: i_drift}")
    assert ("S051", 2022, "status", None) in told(refused(tmp_path, several))


FORDON = "{id: fordon, type: integer, label: {sv: Fordon, en: Vehicles}, unit_of_measure: {sv: enheter, en: units}"


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (FORDON, FORDON.replace("integer", "decimal"), ("S051", "fordon")),
        ("{sv: kronor, en: SEK}", "{sv: tusen kronor, en: kSEK}", ("S052", "kostnad")),
        (", split_by_sex: true", "", ("S053", "besok")),
        (FORDON, f"{FORDON}, split_by_sex: true", ("S053", "fordon")),
        ("        register: programme\n", "", ("S055", "lista")),
        ("      - {id: fran, type: year, label: {sv: Från år, en: From year}}\n", "", ("S046", "fran")),
        ("          - {id: antal, type", "          - {id: tal, type", ("S046", "lista.antal")),
    ],
    ids=["type", "unit", "unsplit", "split", "register", "removed", "column renamed"],
)
def test_an_answered_year_keeps_what_its_answers_mean(
    old: str, new: str, refusal: tuple[str, str], tmp_path: Path
) -> None:
    text = altered(FIRST_YEAR, "  - {kind: less_or_equal, smaller: fordon, larger: enheter}\n", "")
    found = refused(tmp_path, altered(text, old, new))
    assert refusal in [(one.code, one.item) for one in found]
    assert found[-1].code == "S044"


def test_options_and_items_in_another_order_in_a_frozen_year_are_told_as_a_changed_definition(tmp_path: Path) -> None:
    polis, ingen = "{code: polis, label: {sv: P, en: P}}", "{code: ingen, label: {sv: I, en: N}}"
    found = refused(tmp_path, altered(FIRST_YEAR, f"{polis}, {ingen}", f"{ingen}, {polis}"))
    assert told(found) == [("S044", 2022, None, None)]
    assert "(`partner`)" in found[0].sentence("sv")


def test_a_year_and_a_survey_may_not_go_away(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    proposed = tmp_path / "proposed"
    (proposed / "other").mkdir(parents=True)
    (proposed / "other" / "2022.yaml").write_text(altered(FIRST_YEAR, "survey: tiny", "survey: other"))
    assert [one.code for one in refusals(read_proposal(proposed, kept), read_kept(kept))] == ["S042", "S041"]


def test_the_only_year_of_a_survey_may_not_be_replaced_by_another(tmp_path: Path) -> None:
    found = refused(tmp_path, FIRST_YEAR.replace("2022", "2023"))
    assert ("S043", 2022, None, None) in told(found)


def test_a_renamed_survey_is_recognised(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    folder = tmp_path / "proposed" / "liten"
    folder.mkdir(parents=True)
    (folder / "2023.yaml").write_text(FIRST_YEAR.replace("survey: tiny", "survey: liten").replace("2022", "2023"))
    (found,) = refusals(read_proposal(folder / "2023.yaml", kept), read_kept(kept))
    assert (found.code, found.survey, {year for year, _ in found.answered}) == ("S042", "liten", {2022})
    assert "Behåll `tiny` som namn" in found.sentence("sv")


# In a later year: what is taken over says what became of it.


def test_an_option_without_a_successor_is_a_fault_of_the_new_year(tmp_path: Path) -> None:
    with pytest.raises(DefinitionFaults, match="S194"):
        refused(tmp_path, *steps_replaced(I_DRIFT, "kind: reworded"))


def test_an_option_with_a_successor_is_let_through(tmp_path: Path) -> None:
    later = f"{I_DRIFT}, {PLANERAS.replace('planeras', 'pa_gang')}"
    changes = steps_replaced(later, "kind: recoded, recode: {planeras: [pa_gang]}")
    assert refused(tmp_path, *changes) == []


@pytest.mark.parametrize("kind", ["reworded", "recoded"])
def test_a_code_that_means_something_else_is_refused_whatever_the_lineage(kind: str, tmp_path: Path) -> None:
    swapped = PLANERAS.replace("planeras", "i_drift"), I_DRIFT.replace("i_drift", "planeras")
    found = refused(tmp_path, *steps_replaced(", ".join(swapped), f"kind: {kind}"))
    assert told(found) == [("S057", 2023, "status", "planeras"), ("S057", 2023, "status", "i_drift")]
    assert found[0].answered == ((2022, "status"),)


def test_a_reworded_option_says_that_it_means_the_same(tmp_path: Path) -> None:
    words = f"{PLANERAS}, {I_DRIFT.replace('I drift', 'I drift nu')}"
    assert refused(tmp_path, *steps_replaced(words, "kind: reworded, recode: {i_drift: [i_drift]}")) == []


def test_options_and_items_may_stand_in_another_order_in_a_new_year(tmp_path: Path) -> None:
    changes = """\
  - change_item: partner
    to: {options: [{code: ingen, label: {sv: I, en: N}}, {code: polis, label: {sv: P, en: P}}]}
    lineage: {kind: reworded}
  - {remove_item: fran}
  - add_item: {id: fran, type: year, label: {sv: Från år, en: From year}}
    section: lage
    after: status
    lineage: {kind: same, items: [fran]}
"""
    assert refused(tmp_path, *second(changes)) == []


AGAIN = """\
  - {{remove_item: fritt}}
  - {{add_item: {{id: {id}, type: {type}, label: {{sv: {sv}, en: E}}}}, section: lage}}
"""


@pytest.mark.parametrize(("type_", "label"), [("text", "Vad saknas?"), ("integer", "Fritt")])
def test_an_id_taken_again_for_something_else_is_refused(type_: str, label: str, tmp_path: Path) -> None:
    changes = AGAIN.format(id="fritt", type=type_, sv=label)
    assert told(refused(tmp_path, *second(changes))) == [("S047", 2023, "fritt", None)]


def test_an_id_taken_again_after_a_gap_is_refused_too(tmp_path: Path) -> None:
    gone = SECOND.format(changes="  - {remove_item: fritt}\n")
    back = "  - {{add_item: {{id: fritt, type: text, label: {{sv: {sv}, en: E}}}}, section: lage}}\n"
    found = refused(tmp_path, FIRST_YEAR, gone, THIRD.format(changes=back.format(sv="Vad saknas?")))
    assert told(found) == [("S047", 2024, "fritt", None)]
    assert found[0].answered == ((2022, "fritt"),)


def test_the_same_question_may_come_back_after_a_gap(tmp_path: Path) -> None:
    gone = SECOND.format(changes="  - {remove_item: fritt}\n")
    back = "  - {add_item: {id: fritt, type: text, label: {sv: Fritt, en: Free}}, section: lage}\n"
    assert refused(tmp_path, FIRST_YEAR, gone, THIRD.format(changes=back)) == []


def test_a_question_removed_and_added_again_next_year_must_say_that_it_goes_on(tmp_path: Path) -> None:
    changes = AGAIN.format(id="fritt", type="text", sv="Fritt")
    (found,) = refused(tmp_path, *second(changes))
    assert found.code == "S047"
    assert "lineage: {kind: same, items: [fritt]}" in found.sentence("sv")


def test_a_rename_by_lineage_keeps_the_series(tmp_path: Path) -> None:
    changes = "  - {change_item: fritt, to: {id: fri}}\n"
    assert refused(tmp_path, *second(changes)) == []


def test_a_rename_that_nobody_tells_is_refused(tmp_path: Path) -> None:
    changes = (
        "  - {remove_item: fritt}\n  - {add_item: {id: fri, type: text, label: {sv: Fritt, en: Free}}, section: lage}\n"
    )
    (found,) = refused(tmp_path, *second(changes))
    assert (found.code, found.item, found.answered) == ("S049", "fri", ((2022, "fritt"),))


def test_a_concept_taken_for_a_new_item_is_refused(tmp_path: Path) -> None:
    changes = "  - {remove_item: fran}\n"
    changes += "  - {add_item: {id: bil, concept: fran, type: year, label: {sv: Bil, en: Car}}, section: lage}\n"
    assert told(refused(tmp_path, *second(changes))) == [("S048", 2023, "bil", None)]


def test_an_old_answer_goes_on_in_one_place_only(tmp_path: Path) -> None:
    changes = """\
  - add_item: {id: fri, concept: fri, type: text, label: {sv: Fritt, en: Free}}
    section: lage
    lineage: {kind: same, items: [fritt]}
"""
    assert told(refused(tmp_path, *second(changes))) == [("S050", 2023, "fri", None)]


def test_a_type_change_needs_a_break(tmp_path: Path) -> None:
    with pytest.raises(DefinitionFaults, match="S192"):
        refused(tmp_path, *second("  - {change_item: fritt, to: {type: integer}, lineage: {kind: reworded}}\n"))


def test_one_of_becoming_several_of_is_a_break_that_is_told(tmp_path: Path) -> None:
    changes = """\
  - change_item: status
    to: {type: several_of}
    lineage: {kind: recoded, recode: {i_drift: [i_drift], planeras: [planeras]}}
  - {change_item: enheter, to: {when: {item: status, includes: i_drift}}}
  - {change_indicator: andel, to: {numerator: {kind: count_units, where: {item: status, includes: i_drift}}}}
"""
    assert refused(tmp_path, *second(changes)) == []


def test_a_new_unit_of_measure_is_no_rewording(tmp_path: Path) -> None:
    to = "{label: {sv: Kostnad i tusental, en: Cost}, unit_of_measure: {sv: tusen kronor, en: kSEK}}"
    changes = f"  - {{change_item: kostnad, to: {to}, lineage: {{kind: %s}}}}\n"
    assert told(refused(tmp_path, *second(changes % "reworded"))) == [("S052", 2023, "kostnad", None)]


def test_a_question_does_not_move_out_of_its_list(tmp_path: Path) -> None:
    changes = """\
  - {remove_item: lista.antal}
  - add_item: {id: antal, type: integer, label: {sv: Antal, en: Number}}
    section: rader
    lineage: {kind: same, items: [lista.antal]}
"""
    assert told(refused(tmp_path, *second(changes))) == [("S054", 2023, "antal", None)]


def test_columns_may_be_added_removed_and_reordered_in_a_new_year(tmp_path: Path) -> None:
    changes = """\
  - {remove_item: lista.antal}
  - {add_item: {id: ort, type: text, label: {sv: Ort, en: Place}}, roster: lista, after: program}
"""
    assert refused(tmp_path, *second(changes)) == []


# Around the gate.


def test_an_open_year_may_change_until_it_is_answered(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    write(kept, SECOND.format(changes=""))
    given = {("tiny", 2023): Given(3, Catalogue(kept).get("tiny", 2023).fingerprint)}
    proposed = tmp_path / "proposed"
    proposed.mkdir()
    (path,) = write(proposed, SECOND.format(changes="  - {remove_item: fran}\n"))
    proposal = read_proposal(path, kept)
    assert refusals(proposal, read_kept(kept)) == ()
    assert told(list(refusals(proposal, read_kept(kept, given)))) == [
        ("S046", 2023, "fran", None),
        ("S045", 2023, None, None),
    ]


def test_a_draft_needs_no_copy_of_the_years_it_builds_on(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (path,) = write(drafts, SECOND.format(changes="  - {change_item: fritt, to: {id: fri}}\n"))
    (q,) = read_proposal(path, kept).questionnaires
    assert "fri" in q.items
    assert [fault.code for fault in check_path(path)] == ["S180"]


def test_a_frozen_year_altered_beside_a_draft_is_seen(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    other = altered(FIRST_YEAR, "{sv: kronor, en: SEK}", "{sv: tusen kronor, en: kSEK}")
    path = write(drafts, other, SECOND.format(changes=""))[1]
    assert [one.code for one in refusals(read_proposal(path, kept), read_kept(kept))][:2] == ["S052", "S044"]


def test_a_copy_changed_by_hand_is_found_out(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    copies = kept / COPIES
    copies.write_text(altered(copies.read_text(encoding="utf-8"), '"sv":"kronor"', '"sv":"öre"'), encoding="utf-8")
    with pytest.raises(CopyDiffers, match="S040 tiny/2022"):
        read_kept(kept)


def test_what_was_frozen_is_known_when_all_files_are_gone(tmp_path: Path) -> None:
    kept = kept_first_year(tmp_path)
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in (FINGERPRINTS, COPIES):
        shutil.copy(kept / name, bare / name)
    assert read_kept(bare).editions.years("tiny") == [2022]


def test_every_refusal_speaks_both_languages_and_has_a_code_of_its_own() -> None:
    assert not KINDS.keys() & CODES.keys()
    for code, kind in KINDS.items():
        assert kind.code == code
        assert kind.what.sv != kind.what.en
        assert kind.now.sv != kind.now.en
