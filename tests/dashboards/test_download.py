"""The button on the pages gives the file that the command writes, and is drawn without what draws it."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.download import report
from dashboards.texts import Words
from tests.dashboards.reported import pages, run
from tests.dashboards.test_views import drawn


@pytest.mark.parametrize("unit", [None, "12"])
def test_a_page_gives_the_report_that_the_command_writes(
    demonstration: Path, published: str, tmp_path: Path, unit: str | None
) -> None:
    path = tmp_path / "r.pptx"
    run(demonstration, "sob", "2022", "--output", str(path), *(["--unit", unit] if unit else []))
    fetched = report(published, "sob", 2022, unit, Words("sv"))
    assert pages(fetched) == pages(path)


def test_the_pages_of_a_mapping_and_of_a_region_have_the_button(published: str) -> None:
    for view, language, label, buttons in (
        ("compare", "sv", "Hämta som PowerPoint", 1),
        ("profile", "en", "Get as PowerPoint", 5),
    ):
        page = drawn(view, published, language)
        assert [each.message for each in page.exception] == []
        assert [each.proto.label for each in page.get("download_button")] == [label] * buttons


def test_what_draws_reports_is_not_imported_before_the_button_is_pressed() -> None:
    code = "import dashboards.views.compare, dashboards.views.profile, sys; print('pptx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
