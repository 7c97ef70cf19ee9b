"""An export in the forms that others' systems read: Data Package, SDMX-CSV, Kolada's JSON, DCAT-AP-SE."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.export import Export, Table, Written, written
from pipeline.export_files import write_csv
from pipeline.export_workbook import name_of

AGENCY = "SKR"
VERSION = "1.0"
COUNTRY = "00"
# SDMX's code list CL_OBS_STATUS: A normal, B break in the series, L exists but was not collected, M cannot exist,
# O missing, Q suppressed.
STATUS = {
    "unit_nonresponse": "L",
    "item_nonresponse": "L",
    "dont_know": "L",
    "not_applicable": "M",
    "off_path": "M",
    "suppressed": "Q",
    "not_yet_published": "O",
}
# Kolada's signs, as its own interface gives them in `status`.
SIGNS = {"suppressed": "Secret", "not_applicable": "NotApplicable", "off_path": "NotApplicable"}
_FIELDS = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}


def write_datapackage(export: Export, folder: Path) -> Iterator[Written]:
    """The tables as CSV, and `datapackage.json` (Frictionless Data Package 1) that describes them."""
    files = list(write_csv(export, folder))
    yield from files
    facts = export.manifest
    package = {
        "profile": "tabular-data-package",
        "name": f"lagesbild-{name_of(facts)}",
        "title": _title(export, "sv"),
        "version": facts.publish_id,
        "created": facts.published_at.isoformat(),
        "sources": [{"title": "Sveriges Kommuner och Regioner", "path": "https://skr.se"}],
        "resources": [_resource(export.table(one.table), one) for one in files if one.table is not None],
        "as_of": facts.as_of.isoformat(),
        "held": list(facts.held),
        "fictitious": facts.fictitious,
    }
    yield _json(folder / "datapackage.json", package)


def write_sdmx(export: Export, folder: Path) -> Iterator[Written]:
    """The indicators as SDMX-CSV 1.0, one observation a row; why a value is missing is its status."""
    path = folder / f"{name_of(export.manifest)}.sdmx.csv"
    flow = f"{AGENCY}:{export.manifest.survey.upper()}({VERSION})"
    head = [
        "DATAFLOW", "FREQ", "REF_AREA", "UNIT_KIND", "INDICATOR", "CATEGORY", "SEX", "TIME_PERIOD", "OBS_VALUE",
        "OBS_STATUS", "NUMERATOR", "DENOMINATOR", "ANSWERED", "EXPECTED", "UNIT_MEASURE",
    ]  # fmt: skip
    table = export.table("indicator")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        for row in export.rows(_MEASURED.format(table.sql)):
            out.writerow(
                [
                    flow, "A", "SE" if row["unit_id"] == COUNTRY else row["unit_id"], row["unit_kind"],
                    row["indicator_id"], row["category"] or "_T", {"K": "F", "M": "M", "T": "_T"}[row["sex"]],
                    row["year"], _told(row["value"]), _status(row), _told(row["numerator"]),
                    _told(row["denominator"]), row["answered"], row["expected"], row["unit_of_measure_sv"],
                ]
            )  # fmt: skip
    yield written(path, table)


def write_kolada(export: Export, folder: Path) -> Iterator[Written]:
    """The indicators as Kolada's API gives them: `kpi.json` says what they are, `data.json` has the values.

    Kolada knows the country, regions and kommuner: figures of single clinics are left out, and `data.json` says how
    many. A category of an indicator is a kpi of its own. Where regions and kommuner both answer, so is each.
    """
    table = export.table("indicator")
    rows = list(export.rows(f"SELECT * FROM ({_MEASURED.format(table.sql)}) ORDER BY ALL"))
    known = [row for row in rows if (row["unit_kind"], row["level"]) != ("mottagning", "unit")]
    kpis = {_kpi(row): row for row in known}
    said = [_kpi_said(kpi, row) for kpi, row in kpis.items()]
    yield _json(folder / "kpi.json", {"count": len(said), "values": said})
    values = list(_kolada_values(known))
    yield _json(folder / "data.json", {"count": len(values), "left_out": len(rows) - len(known), "values": values})


def write_dcat(export: Export, folder: Path) -> Iterator[Written]:
    """The mapping as a dataset of DCAT-AP-SE in JSON-LD, with what lies in the folder as its distributions.

    The title has neither year nor publisher, as DCAT-AP-SE asks; addresses are relative to where it is put.
    """
    files = sorted(file for file in folder.iterdir() if file.suffix in _MEDIA)
    dataset = {
        "@context": _CONTEXT,
        "@id": f"#{export.manifest.survey}",
        "@type": "dcat:Dataset",
        "dcterms:title": [{"@language": one, "@value": _title(export, one)} for one in ("sv", "en")],
        "dcterms:description": [{"@language": one, "@value": _description(export, one)} for one in ("sv", "en")],
        "dcterms:publisher": {
            "@id": "https://skr.se",
            "@type": "foaf:Agent",
            "foaf:name": "Sveriges Kommuner och Regioner",
        },
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/HEAL"},
        "dcterms:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/ANNUAL"},
        "dcterms:modified": {"@type": "xsd:dateTime", "@value": export.manifest.published_at.isoformat()},
        "dcat:distribution": [_distribution(file) for file in files],
    }
    yield _json(folder / "dcat.jsonld", dataset)


_MEASURED = """
SELECT i.*, d.label_sv, d.label_en, d.definition_sv, d.definition_en, d.unit_of_measure_sv, d.unit_of_measure_en
FROM ({}) i JOIN indicator_definition d USING (survey, year, indicator_id)
"""
_MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _title(export: Export, language: str) -> str:
    """The mapping's name as its newest year has it, without the year."""
    survey = export.table("survey")
    (newest,) = export.rows(f"SELECT * FROM ({survey.sql}) ORDER BY year DESC LIMIT 1")
    title = str(newest[f"title_{language}"]).replace(str(newest["year"]), "").strip()
    return " ".join(title.split())


def _description(export: Export, language: str) -> str:
    years = export.manifest.years
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    said = {
        "sv": f"Svar och mått ur kartläggningen {_title(export, 'sv')}, {span}.",
        "en": f"Answers and indicators of the mapping {_title(export, 'en')}, {span}.",
    }
    warned = {"sv": " Alla svar är påhittade.", "en": " All answers are fictitious."}
    return said[language] + (warned[language] if export.manifest.fictitious else "")


def _distribution(file: Path) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": file.name},
        "dcat:downloadURL": {"@id": file.name},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{_MEDIA[file.suffix]}"},
        "dcat:byteSize": file.stat().st_size,
        "dcterms:title": file.name,
    }


def _resource(table: Table, file: Written) -> dict[str, Any]:
    fields = [{"name": name, "type": _field(kind)} for name, kind in table.columns.items()]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": file.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ","},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(kind: str) -> str:
    return "array" if kind.endswith("[]") else _FIELDS.get(kind, "string")


def _status(row: dict[str, Any]) -> str:
    if row["missing"] is not None:
        return STATUS[row["missing"]]
    return "A" if row["comparable"] else "B"


def _kpi(row: dict[str, Any]) -> str:
    return "_".join(filter(None, [row["indicator_id"], row["unit_kind"], row["category"]]))


def _kpi_said(kpi: str, row: dict[str, Any]) -> dict[str, Any]:
    title = row["label_sv"] + (f": {row['category_sv'] or row['category']}" if row["category"] else "")
    return {
        "id": kpi,
        "title": title,
        "description": row["definition_sv"],
        "is_divided_by_gender": int(row["sex"] != "T"),
        "municipality_type": {"region": "L", "kommun": "K", "mottagning": "L"}[row["unit_kind"]],
        "has_ou_data": False,
        "operating_area": row["survey"],
    }


def _kolada_values(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One entry for each kpi, place and period, with a value for each gender."""
    entries: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in rows:
        key = (_kpi(row), _municipality(row["unit_id"]), row["year"])
        status = "" if row["missing"] is None else SIGNS.get(row["missing"], "Missing")
        value = {"gender": row["sex"], "status": status, "value": row["value"], "count": row["answered"]}
        entries.setdefault(key, []).append(value)
    for (kpi, municipality, period), values in entries.items():
        yield {"kpi": kpi, "municipality": municipality, "period": period, "values": values}


def _municipality(unit: str) -> str:
    """Kolada's ids: four digits, a region's with two zeros before its code, the country 0000."""
    return unit.rjust(4, "0")


def _told(value: float | None) -> str:
    return "" if value is None else repr(value)


def _json(path: Path, content: Any) -> Written:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return written(path)
