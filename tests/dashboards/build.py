"""Figures and measures for tests, with what matters named and the rest plain."""

from typing import Any

from dashboards.records import Figure, Measure, Survey


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


def survey(**other: Any) -> Survey:
    """A finished year of a mapping without a round."""
    facts: dict[str, Any] = {
        "survey": "liten",
        "year": 2023,
        "title": "Liten",
        "status": "published",
        "reference_period": "2023",
        "perspective": "provider",
        "respondents": ("region",),
        "held_reason": None,
        "state": None,
        "opens_at": None,
        "due_at": None,
        "closes_at": None,
        "answered": 0,
        "expected": 0,
        "late": 0,
    }
    return Survey(**{**facts, **other})
