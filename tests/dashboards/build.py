"""Figures and measures for tests, with what matters named and the rest plain."""

from typing import Any

from dashboards.records import Figure, Measure


def figure(name: str, value: float | None, **other: Any) -> Figure:
    """A region's figure; without a value the region has not answered."""
    facts: dict[str, Any] = {
        "unit_id": name,
        "name": name,
        "level": "unit",
        "region_code": name,
        "sex": "T",
        "category": "",
        "category_label": "",
        "value": value,
        "numerator": None,
        "denominator": None,
        "answered": int(value is not None),
        "expected": 1,
        "missing": "unit_nonresponse" if value is None else None,
        "note": None,
    }
    return Figure(**{**facts, **other})


def country(value: float | None, **other: Any) -> Figure:
    """The country's figure."""
    return figure("Riket", value, **{"unit_id": "00", "level": "country", "region_code": "00", **other})


def measure(**other: Any) -> Measure:
    """An indicator in per cent."""
    facts: dict[str, Any] = {
        "id": "indicator:andel",
        "label": "Andel",
        "form": "number",
        "definition": "",
        "source": "",
        "unit": "procent",
        "is_percent": True,
        "direction": "none",
        "decimals": 1,
        "base": "",
        "by_sex": False,
        "kinds": ("region",),
        "group": "",
    }
    return Measure(**{**facts, **other})
