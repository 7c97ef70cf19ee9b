"""Exports: exactly what is published, in every form, counted; and others' tools read it."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from infra.embedded_log import EmbeddedLog
from infra.errors import NothingPublished
from infra.event_log import RESPONSES
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import run_once
from pipeline.export import Export, export_of
from pipeline.export_commands import FORMATS, register
from pipeline.export_files import write_csv_sv
from pipeline.export_workbook import CELL_CHARACTERS, write_xlsx
from surveys.catalogue import load_catalogue
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.questionnaire import Questionnaire
from tests.pipeline.build import event
from tests.pipeline.published import Landing, indicator, opened
from tests.surveys.build import item, options, questionnaire

FORMULA = '=HYPERLINK("http://127.0.0.1";"Å")'


def asked() -> Questionnaire:
    return questionnaire(
        item("lage", "one_of", options=options("i_drift", "utreds"), required=True),
        item("antal", missing_allowed=["dont_know"]),
        item("andel", "decimal"),
        item("besok", split_by_sex=True, suppress_below=5),
        item("finns", "boolean"),
        item("fritt", "text", multiline=True),
        indicators=[
            indicator("i_drift", numerator={"kind": "count_units", "where": {"item": "lage", "is": "i_drift"}}),
            indicator("besok", numerator={"kind": "sum", "items": ["besok"]}, by_sex=True),
        ],
    )


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landing]:
    q = asked()
    landing = Landing(tmp_path_factory.mktemp("landed"), q)
    landing.sent(q, "14", {"lage": "utreds", "antal": 1})
    landing.sent(q, "14", {"lage": "i_drift", "antal": 1234, "andel": 12.5, "finns": True, "fritt": FORMULA})
    landing.sent(q, "01", {"lage": "i_drift", "antal": {"missing": "dont_know"}, "besok": {"K": 40, "M": 60, "T": 100}})
    landing.sent(q, "03", {"lage": "utreds", "antal": 0, "besok": {"K": 2, "M": 60, "T": 62}, "fritt": 'Öå, ;\n"x"'})
    landing.published()
    yield landing
    landing.connection.close()


@pytest.fixture(scope="module")
def folder(landing: Landing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export in every format."""
    output = tmp_path_factory.mktemp("export") / "made"
    run(landing.folder, "test", "--format", ",".join(FORMATS), "--output", str(output))
    return output


def run(data_dir: Path, *words: str, code: int = 0) -> str:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    done = CliRunner().invoke(app, ["export", *words, "--data-dir", str(data_dir)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def export(landing: Landing) -> Iterator[Export]:
    _, connection = connect_current(landing.folder)
    with connection:
        yield export_of(connection, "test", None)


def read_csv(path: Path, **dialect: Any) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, **dialect))


def test_every_format_has_as_many_rows_as_are_published_and_as_many_responses_as_were_accepted(
    landing: Landing, folder: Path
) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    with opened(landing.published()) as publication:
        published = {
            name: publication.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in manifest["tables"]
            if name not in ("wide", "published_figure")
        }
    published |= {"wide": 3, "published_figure": 0}  # three units; nothing has been published of this survey
    assert manifest["responses"] == 4
    assert manifest["tables"] == published
    book = openpyxl.load_workbook(folder / "test-2023.xlsx", read_only=True)
    for name, rows in published.items():
        assert len(read_csv(folder / f"{name}.csv")) == rows
        assert len(read_csv(folder / f"{name}.sv.csv", delimiter=";")) == rows
        counted = duckdb.execute(f"SELECT count(*) FROM '{folder / name}.parquet'").fetchall()
        assert counted == [(rows,)]
        assert len(list(book[name].iter_rows(min_row=2))) == rows


def test_parquet_has_the_published_values_to_the_last_one(landing: Landing, folder: Path) -> None:
    with opened(landing.published()) as publication:
        for name in ("answer", "response", "indicator", "unit"):
            publication.execute("SET TimeZone = 'UTC'")
            own = publication.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()
            assert publication.execute(f"FROM '{folder / name}.parquet'").fetchall() == own


def test_missing_is_never_zero_and_has_its_reason(folder: Path) -> None:
    told = {row["unit_id"]: (row["antal"], row["antal.missing"]) for row in read_csv(folder / "wide.csv")}
    assert told == {"14": ("1234.0", ""), "01": ("", "dont_know"), "03": ("0.0", "")}
    hidden = {row["unit_id"]: (row["besok.K"], row["besok.K.missing"]) for row in read_csv(folder / "wide.csv")}
    assert hidden == {"14": ("", "item_nonresponse"), "01": ("", "suppressed"), "03": ("", "suppressed")}


def test_no_file_has_a_number_where_the_publication_hides_it(folder: Path) -> None:
    hidden = [row for row in read_csv(folder / "answer.csv") if (row["unit_id"], row["item_id"]) == ("03", "besok")]
    assert {row["sex"]: (row["value_number"], row["missing"]) for row in hidden}["K"] == ("", "suppressed")
    figures = [
        row for row in read_csv(folder / "indicator.csv") if (row["unit_id"], row["indicator_id"]) == ("03", "besok")
    ]
    (women,) = [row for row in figures if row["sex"] == "K"]
    assert (women["value"], women["numerator"], women["missing"]) == ("", "", "suppressed")


def test_swedish_csv_has_decimal_commas_and_no_formula(folder: Path) -> None:
    raw = (folder / "wide.sv.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = [row for row in read_csv(folder / "wide.sv.csv", delimiter=";") if row["unit_id"] == "14"]
    assert (row["andel"], row["antal"], row["fritt"]) == ("12,5", "1234", f"'{FORMULA}")
    assert row["submitted_at"] == "2023-05-31 14:00:00"


def test_a_text_that_looks_like_a_formula_is_a_text_in_the_workbook(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "test-2023.xlsx")["wide"]
    column = next(cell.column for cell in sheet[1] if cell.value == "fritt")
    cells = {sheet.cell(row, 3).value: sheet.cell(row, column) for row in range(2, 5)}
    assert (cells["14"].value, cells["14"].data_type) == (FORMULA, "s")
    assert cells["03"].value == 'Öå, ;\n"x"'


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(export: Export, tmp_path: Path) -> None:
    list(write_xlsx(export, tmp_path, rows_of_a_sheet=6))
    book = openpyxl.load_workbook(tmp_path / "test-2023.xlsx")
    units = [
        row[0].value for name in book.sheetnames if name.startswith("unit") for row in book[name].iter_rows(min_row=2)
    ]
    assert len(units) == export.table("unit").rows > 100
    assert len(set(units)) == len(units)


def test_a_cell_too_long_for_excel_says_that_it_was_cut(landing: Landing) -> None:
    from pipeline.export_workbook import _shown

    assert len(_shown("å" * 40_000)) == CELL_CHARACTERS
    assert "hela texten står i csv" in _shown("å" * 40_000)
    assert _shown("ö\x0bå") == "ö å"


def test_frictionless_finds_the_data_package_valid(folder: Path) -> None:
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert {task.name for task in report.tasks} >= {"answer", "indicator", "wide"}


def test_frictionless_finds_a_data_package_with_a_changed_file_invalid(folder: Path, tmp_path: Path) -> None:
    from frictionless import Package

    for file in folder.glob("*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "answer.csv").open("a") as answers:
        answers.write("test,2023,25\n")
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def test_pysdmx_reads_every_observation_with_its_status(folder: Path) -> None:
    from pysdmx.io import read_sdmx

    read: Any = read_sdmx(folder / "test-2023.sdmx.csv", validate=False)
    (flow,) = read.data
    assert len(flow.data) == len(read_csv(folder / "indicator.csv"))
    status = flow.data.set_index(["INDICATOR", "REF_AREA", "SEX"])["OBS_STATUS"]
    assert status["besok", "03", "F"] == "Q"
    assert status["besok", "14", "F"] == "L"
    assert status["i_drift", "SE", "_T"] == "A"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's own use
def test_rdflib_reads_the_dataset_and_a_distribution_for_each_file(folder: Path) -> None:
    from rdflib import DCAT, DCTERMS, RDF, Graph

    graph = Graph().parse(folder / "dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert {title.language for title in graph.objects(dataset, DCTERMS.title)} == {"sv", "en"}  # type: ignore[attr-defined]
    assert not any("2023" in str(title) for title in graph.objects(dataset, DCTERMS.title))
    files = {file for file in folder.iterdir() if file.suffix in (".csv", ".parquet", ".xlsx", ".json")}
    # The manifest is written last, of everything else.
    assert len(list(graph.objects(dataset, DCAT.distribution))) == len(files) - 1


def test_koladas_form_has_a_value_for_each_gender_and_says_what_is_hidden(folder: Path) -> None:
    data = json.loads((folder / "data.json").read_text())
    kpis = {one["id"] for one in json.loads((folder / "kpi.json").read_text())["values"]}
    assert {one["kpi"] for one in data["values"]} == kpis == {"i_drift_region", "besok_region"}
    (one,) = [each for each in data["values"] if (each["kpi"], each["municipality"]) == ("besok_region", "0003")]
    told = {value["gender"]: (value["status"], value["value"]) for value in one["values"]}
    assert told["K"] == ("Secret", None)
    assert {each["municipality"] for each in data["values"]} >= {"0000", "0014"}


def test_the_manifest_proves_each_file(folder: Path) -> None:
    from hashlib import sha256

    manifest = json.loads((folder / "manifest.json").read_text())
    for one in manifest["files"]:
        assert sha256((folder / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    assert {one["file"] for one in manifest["files"]} == {file.name for file in folder.iterdir()} - {"manifest.json"}
    assert datetime.fromisoformat(manifest["as_of"])


def test_an_export_of_a_past_moment_has_what_was_published_then(tmp_path: Path) -> None:
    q = load_catalogue().get("handlingsplaner", 2023)
    log = EmbeddedLog(tmp_path / "log.sqlite")
    for day, plan in ((1, "nej"), (20, "planeras")):
        data = {"survey": q.survey, "year": q.year, "unit": "1480", "questionnaire": q.fingerprint, "mode": "api"}
        answers = {"arbete": "nej", "plan": plan, "samordnare": False}
        sent = event({**data, "submission_id": f"s-{day}", "answers": answers}, datetime(2023, 6, day, tzinfo=UTC))
        log.append(RESPONSES, [("1480", sent)])
    log.close()
    run_once(Settings(data_dir=tmp_path))
    for moment, plan in (([], "planeras"), (["--as-of", "2023-06-10"], "nej")):
        output = tmp_path / plan
        run(tmp_path, "handlingsplaner", "2023", "--output", str(output), *moment)
        (row,) = read_csv(output / "wide.csv")
        assert row["plan"] == plan
    assert "2023-06-10" in json.loads((tmp_path / "nej" / "manifest.json").read_text())["as_of"]


def test_an_export_refuses_what_it_does_not_know_and_overwrites_nothing(landing: Landing, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kvar")
    assert "not empty" in run(landing.folder, "test", "--output", str(tmp_path), code=2)
    assert "Choose from" in run(landing.folder, "test", "--format", "cvs", "--output", str(tmp_path / "a"), code=2)
    _, connection = connect_current(landing.folder)
    with connection, pytest.raises(UnknownSurvey):
        export_of(connection, "tset", None)
    _, connection = connect_current(landing.folder)
    with connection, pytest.raises(UnknownYear):
        export_of(connection, "test", 1999)


def test_nothing_is_exported_before_something_is_published(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    words = ["export", "test", "--output", str(tmp_path / "a"), "--data-dir", str(tmp_path / "b")]
    with pytest.raises(NothingPublished):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_swedish_csv_leaves_no_half_made_file(export: Export, tmp_path: Path) -> None:
    files = list(write_csv_sv(export, tmp_path))
    assert {file.name for file in tmp_path.iterdir()} == {one.file for one in files}
