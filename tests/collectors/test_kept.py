"""What a collector kept of a submission: the cells that its answers stood in, and the receipt's checksum."""

from pathlib import Path

from openpyxl.utils import coordinate_to_tuple

from collectors.gate import new_id
from collectors.kept import receipt_checksum, workbook_cells
from collectors.receive import asked, receive
from collectors.workbook_template import Filling, template
from collectors.workbook_upload import receive_workbook
from tests.collectors.build import (
    ANSWERS,
    NOW,
    SURVEY,
    UNIT,
    YEAR,
    gate_in,
    opened_round,
    request,
    responses_in,
    settings_in,
    trial_catalogue,
)

ROWS = [{"namn": "Ett", "antal": 3}, {"namn": "Två", "grupper": ["barn", "aldre"]}]


def test_each_answer_of_a_workbook_is_found_in_its_cell_again(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        answers = {**ANSWERS, "patienter": {"K": 2, "M": 3, "T": 5}, "insatser": ROWS}
        kommuner = gate.administration.current().units.kommuner("14")
        content = template(asked(SURVEY, YEAR, UNIT, gate), kommuner, Filling(answers=answers))
        receipt = receive_workbook(content, SURVEY, YEAR, UNIT, gate, NOW, new_id).receipt
    cells = workbook_cells(settings_in(tmp_path), receipt.submission_id, trial_catalogue())
    sheets = {item: sheet for (item, _, _), (sheet, _) in cells.items()}
    assert (sheets["patienter"], sheets["insatser.namn"]) == ("Omfattning", "Insatser")
    women, men = (coordinate_to_tuple(cells["patienter", None, sex][1]) for sex in "KM")
    assert (men[0] - women[0], men[1]) == (1, women[1])
    first, second = (coordinate_to_tuple(cells["insatser.namn", row, ""][1]) for row in (1, 2))
    assert (second[0] - first[0], second[1]) == (1, first[1])
    assert cells["insatser.grupper", 2, "barn"] != cells["insatser.grupper", 2, "aldre"]
    assert ("insatser.grupper", 1, "barn") not in cells


def test_the_checksum_of_a_receipt_is_that_of_the_event(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        receipt = receive(request(), gate, NOW, new_id).receipt
        [event] = [one for one in responses_in(gate.log) if one.id == receipt.event_id]
    known = receipt_checksum(settings_in(tmp_path), receipt.submission_id)
    assert known == receipt.checksum == getattr(event.data, "checksum", None)
    assert workbook_cells(settings_in(tmp_path), receipt.submission_id, trial_catalogue()) == {}


def test_a_machine_without_a_collector_knows_nothing_and_makes_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "elsewhere")
    assert receipt_checksum(settings, "s-00000001") is None
    assert workbook_cells(settings, "s-00000001") == {}
    assert not (tmp_path / "elsewhere").exists()
