"""The follow-up list on the quality page: in both languages, with the respondent's words beside, narrowed by survey."""

from tests.dashboards.test_views import drawn, written


def test_the_list_stands_on_the_quality_page_with_explanations(published: str) -> None:
    page = drawn("quality", published, granska="psykiatrin")
    assert [each.message for each in page.exception] == []
    shown = written(page)
    for part in (
        "Tal att följa upp",
        "egna tidigare år",
        "Region Jämtland Härjedalen",
        "Skillnaden beror på en omorganisation.",
    ):
        assert part in shown
    assert "Numbers to follow up" in written(drawn("quality", published, "en", granska="psykiatrin"))


def test_a_year_in_which_no_number_stands_out_says_so(published: str) -> None:
    page = drawn("quality", published, granska="handlingsplaner", granska_ar="2020")
    assert "Inget tal sticker ut." in [each.value for each in page.markdown]


def test_an_expectation_says_why_it_is_expected_and_since_when_it_is_so(published: str) -> None:
    shown = written(drawn("quality", published, granska="handlingsplaner", granska_ar="2022"))
    for part in ("Därför", "Sedan", "Arbetet trappas ner stegvis."):
        assert part in shown
