"""What a publication says, as records, for pages and reports alike. It opens nothing: the way to ask is handed in."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from dashboards import queries
from dashboards.records import Asked, Figure, Language, Measure, Publication, Rate, Survey, Unit, YearOfMeasure

# At which level the regions are compared when units of a kind answer.
LEVELS = {"region": "unit", "kommun": "region", "mottagning": "region"}
Rows = Callable[..., list[dict[str, Any]]]


class Connection(Protocol):
    """An open publication."""

    def cursor(self) -> "Connection": ...

    def sql(self, query: str, *, params: object) -> Any: ...

    def close(self) -> None: ...


def rows_of(connection: Connection, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query gives, column by name."""
    # A cursor of its own: one connection serves many sessions at once.
    cursor = connection.cursor()
    try:
        # By Arrow: moments come with their zone, without another package for it.
        return list(cursor.sql(sql, params=parameters).to_arrow_table().to_pylist())
    finally:
        cursor.close()


@dataclass(frozen=True, slots=True)
class Reading:
    """The questions that pages and reports ask. `rows` gives a query's rows, with its parameters by name."""

    rows: Rows

    def publication(self) -> Publication:
        """Which publication it is."""
        row = self.rows(queries.PUBLICATION)[0]
        return Publication(**{**row, "held": tuple(row["held"]), "watermarks": json.loads(row["watermarks"])})

    def surveys(self, language: Language) -> list[Survey]:
        """Every year of every mapping, by name and then year, with how many have answered."""
        rows = self.rows(queries.in_language(queries.SURVEYS, language))
        return [Survey(**{**row, "respondents": tuple(row["respondents"])}) for row in rows]

    def regions(self) -> list[Unit]:
        """The regions in Swedish order of their names."""
        return [Unit(**row) for row in self.rows(queries.REGIONS)]

    def units(self) -> list[Unit]:
        """Every unit, by kind and then its code."""
        return [Unit(**row) for row in self.rows(queries.UNITS)]

    def rates(self, survey: str, year: int) -> list[Rate]:
        """How many were asked and answered, of every kind: in the country first, then by region."""
        return [Rate(**row) for row in self.rows(queries.RATES, survey=survey, year=year)]

    def asked(self, survey: str, year: int, kind: str) -> list[Asked]:
        """The units of the kind that were asked, by region and name."""
        return [Asked(**row) for row in self.rows(queries.ASKED, survey=survey, year=year, unit_kind=kind)]

    def measures(self, survey: str, year: int, language: Language) -> list[Measure]:
        """What units can be compared by that year: the indicators first, then the items as they were asked."""
        asked = {"survey": survey, "year": year}
        rows = [
            *self.rows(queries.in_language(queries.INDICATORS, language), **asked),
            *self.rows(queries.in_language(queries.ITEMS, language), **asked),
        ]
        return [Measure(**{**row, "kinds": tuple(row["kinds"])}) for row in rows]

    def figures(self, survey: str, year: int, measure: str, form: str, kind: str, language: Language) -> list[Figure]:
        """The values of a measure that year: of every unit of the kind, of the regions they are in, of the country.

        Items have no declared national figure: for them regions and country are the median of the units that
        answered, or the share of them for each option, in per cent.
        """
        source, _, name = measure.partition(":")
        sql = queries.INDICATOR_FIGURES if source == "indicator" else queries.ITEM_FIGURES[form]
        asked = {"survey": survey, "year": year, "measure": name, "unit_kind": kind}
        return [Figure(**row) for row in self.rows(queries.in_language(sql, language), **asked)]

    def responded(self, survey: str, year: int, kind: str) -> dict[str, tuple[int, int]]:
        """How many units of the kind have responded, of how many: by region, 00 the country."""
        rows = self.rows(queries.RESPONDED, survey=survey, year=year, unit_kind=kind)
        return {row["region_code"]: (row["answered"], row["expected"]) for row in rows}

    def years_of_measure(self, survey: str, measure: str, language: Language) -> list[YearOfMeasure]:
        """The years that have the measure, earliest first, and where the line breaks."""
        source, _, name = measure.partition(":")
        sql = queries.INDICATOR_YEARS if source == "indicator" else queries.ITEM_YEARS
        rows = self.rows(queries.in_language(sql, language), survey=survey, measure=name)
        return [YearOfMeasure(row["year"], row["comparable"], tuple(row["notes"] or ())) for row in rows]
