"""Published figures beside computed ones: what holds, what does not, and what was revised."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.errors import NothingPublished, WarehouseLocked
from pipeline.comparison import Compared, compare_published
from surveys.catalogue import load_catalogue
from surveys.event_data import UnitAdded
from surveys.population import population
from surveys.published_figures import published_figures
from tests.pipeline.processes import held_by_another
from tests.pipeline.published import Landing

PSYKIATRIN = load_catalogue().get("psykiatrin", 2017)
CLINICS = load_catalogue().get("ungdomsmottagningar", 2016)
SOB = load_catalogue().get("sob", 2023)
CHILDREN = population("09", 2017, 0, 17).persons
PUBLISHED, REVISED = (2018, 4, 1), (2021, 3, 1)


def moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def psychiatry(share: float) -> dict[str, object]:
    """A region's answers with that share of the children among its patients."""
    counts = {"bup_patienter": 900, "bup_besok": 4_000, "vuxen_patienter": 2_000, "vuxen_besok": 9_000}
    residents = {"bup_invanare": round(CHILDREN * share)}
    return {item: {"T": count} for item, count in (counts | residents).items()} | {"ratt_vard": False}


def row(name: str, programme: str, area: str) -> dict[str, object]:
    return {"program": programme, "status": "erbjuds", "omrade": area, "malgrupp": name, "startar": 2020}


def programmes(*rows: dict[str, object]) -> dict[str, object]:
    return {"program": list(rows), "inforandestrategi": "nej"}


def compared(landing: Landing, mapping: str) -> dict[tuple[str, str | None, float | None], Compared]:
    landing.published()
    found = compare_published_of(landing)
    return {
        (one.figure.measure.sv, one.figure.category, one.figure.value): one
        for one in found
        if one.figure.mapping == mapping
    }


def compare_published_of(landing: Landing) -> list[Compared]:
    """The warehouse has one owner at a time: the test's own connection is let go."""
    landing.connection.close()
    return compare_published(landing.folder)


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[Landing]:
    made = Landing(tmp_path, PSYKIATRIN, CLINICS, SOB)
    yield made
    made.connection.close()


def test_every_figure_to_be_computed_is_compared_and_none_for_reference(landing: Landing) -> None:
    landing.published()
    wanted = [figure for figure in published_figures() if figure.treated == "computed"]
    assert [one.figure for one in compare_published_of(landing)] == wanted


def test_a_figure_nobody_answered_for_does_not_hold(landing: Landing) -> None:
    landing.published()
    found = [one for one in compare_published_of(landing) if one.figure.mapping == "handlingsplaner"]
    assert [(one.computed, one.holds) for one in found] == [(None, False)] * len(found)
    assert found[0].as_printed()["holds"] == "NEJ"
    assert found[0].as_printed()["computed"] == ""


def test_a_figure_revised_later_is_as_it_was_on_its_day(landing: Landing) -> None:
    landing.sent(PSYKIATRIN, "09", psychiatry(0.057), moment(*PUBLISHED))
    landing.sent(PSYKIATRIN, "09", psychiatry(0.055), moment(*REVISED), corrects="s-0", reason="Räknat på nytt")
    found = compared(landing, "psykiatrin")
    children = "Barn 0–17 år i kontakt med BUP"
    first, later = (found[children, None, value] for value in (5.7, 5.5))
    assert (first.holds, later.holds) == (True, True)
    assert first.as_printed()["period"] == "2017 (t.o.m. 2021-01-31)"
    assert first.computed is not None and first.computed.value == pytest.approx(5.7, abs=0.01)


def test_a_figure_that_is_off_does_not_hold_and_shows_what_it_came_to(landing: Landing) -> None:
    landing.sent(PSYKIATRIN, "09", psychiatry(0.057), moment(*PUBLISHED))
    off = compared(landing, "psykiatrin")["Barn och unga i kontakt med BUP", None, 124_000]
    assert not off.holds
    printed = off.as_printed()
    assert printed["published"] == "124\N{NO-BREAK SPACE}000 patienter"
    assert printed["computed"] == "900 patienter"
    assert printed["units"] == "1/21"
    assert "unika patienter i BUP" in printed["base"]


def test_identified_and_included_clinics_are_counted_behind_the_rate(landing: Landing) -> None:
    for number in range(3):
        landing.happened(UnitAdded(unit_id=f"um-{number}", kind="mottagning", name=f"M {number}", region_code="14"))
    landing.sent(CLINICS, "um-1", {"alder_till": 25, "uppdrag": "framja", "besok": {"T": 900}})
    found = compared(landing, "ungdomsmottagningar")
    identified = found["Identifierade mottagningar", "expected", 267].computed
    included = found["Mottagningar som ingår", "answered", 221].computed
    assert identified is not None and included is not None
    assert (identified.value, included.value) == (3, 1)


def test_the_largest_category_is_compared_by_name(landing: Landing) -> None:
    mental = [row("vuxna", f"Program {number}", "psykisk_halsa") for number in range(2)]
    landing.sent(SOB, "14", programmes(*mental, row("aldre", "Artrosskolan", "rorelse_smarta")))
    found = compared(landing, "sob")
    area = found["Största område", "psykisk_halsa", None]
    assert area.holds
    assert area.as_printed()["computed"] == "Psykiatri, psykisk hälsa och välbefinnande (2)"


def test_another_largest_category_does_not_hold(landing: Landing) -> None:
    landing.sent(SOB, "14", programmes(row("aldre", "Artrosskolan", "rorelse_smarta")))
    found = compared(landing, "sob")
    assert not found["Största område", "psykisk_halsa", None].holds
    assert not found["Största målgrupp", "vuxna", None].holds


def test_comparing_leaves_the_publication_in_force(landing: Landing) -> None:
    in_force = landing.published()
    compare_published_of(landing)
    assert [file.name for file in (landing.folder / "marts").glob("*.duckdb")] == [in_force.path.name]
    assert (landing.folder / "marts" / "CURRENT").read_text().strip() == in_force.publish_id


def test_without_a_publication_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        compare_published(tmp_path)
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_running_pipeline_is_named_as_what_is_in_the_way(landing: Landing) -> None:
    landing.published()
    landing.connection.close()
    with held_by_another(landing.folder / "warehouse.duckdb"), pytest.raises(WarehouseLocked):
        compare_published(landing.folder)
