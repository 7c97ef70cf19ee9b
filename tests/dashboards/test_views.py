"""Every page drawn by Streamlit's own test runner, of the demonstration, in both languages."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).parents[2] / "dashboards" / "app.py")
VIEWS = ("overview", "compare", "trend", "profile", "quality", "provenance", "history", "burden")
HEADS = {
    "sv": (
        "Översikt",
        "Jämför regioner",
        "Över åren",
        "Regionprofil",
        "Datakvalitet",
        "Härkomst",
        "Historik",
        "Uppgiftslämnarbörda",
    ),
    "en": (
        "Overview",
        "Compare regions",
        "Over the years",
        "Region profile",
        "Data quality",
        "Provenance",
        "History",
        "Survey burden",
    ),
}


def draw(view: str, publish_id: str, language: str) -> None:
    from importlib import import_module

    from dashboards.page import Page
    from dashboards.texts import Words

    import_module(f"dashboards.views.{view}").show(Page(publish_id, Words("en" if language == "en" else "sv")))


def drawn(view: str, publish_id: str, language: str = "sv", **selections: str) -> AppTest:
    test = AppTest.from_function(draw, args=(view, publish_id, language), default_timeout=60)
    for name, value in selections.items():
        test.query_params[name] = value
    return test.run()


def written(test: AppTest) -> str:
    """All the HTML on the page: the tables and the sentences under the charts."""
    return " ".join(str(each.proto.body) for each in test.get("html"))


@pytest.mark.parametrize(("language", "head"), [("sv", "Översikt"), ("en", "Overview")])
def test_the_app_opens_at_the_overview(published: str, language: str, head: str) -> None:
    test = AppTest.from_file(APP, default_timeout=60)
    test.query_params["sprak"] = language
    test.run()
    assert [each.message for each in test.exception] == []
    assert [each.value for each in test.title] == [head]
    said = {"sv": "alla svar är påhittade", "en": "all answers are fictitious"}[language]
    assert said in written(test)


def test_nothing_published_yet_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(tmp_path))
    test = AppTest.from_file(APP, default_timeout=60).run()
    assert [each.message for each in test.exception] == []
    assert [each.value for each in test.main.header] == ["Inget är publicerat ännu"]
    assert "lagesbild pipeline run --once" in test.markdown[0].value


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_drawn_in_both_languages(published: str, view: str, language: str) -> None:
    test = drawn(view, published, language)
    assert [each.message for each in test.exception] == []
    assert [each.value for each in test.title] == [HEADS[language][VIEWS.index(view)]]
    assert "lb-table" in written(test)


def test_selections_in_the_address_are_shown(published: str) -> None:
    test = drawn("compare", published, kartlaggning="psykiatrin", ar="2022", region="14", kon="K")
    assert [each.message for each in test.exception] == []
    chosen = {each.label: each.value for each in test.selectbox}
    assert (chosen["Kartläggning"], chosen["År"], chosen["Markera en region"]) == ("psykiatrin", "2022", "14")


def test_selections_that_do_not_exist_give_the_page_as_it_is_without(published: str) -> None:
    test = drawn("compare", published, kartlaggning="finns-inte", ar="1066", region="99", matt="item:nej")
    assert [each.message for each in test.exception] == []
    chosen = {each.label: each.value for each in test.selectbox}
    assert chosen["År"] != "1066"
    assert chosen["Markera en region"] == ""


def test_colours_say_what_they_mean_where_a_measure_has_a_direction(published: str) -> None:
    directed = written(drawn("compare", published, kartlaggning="handlingsplaner", ar="2023"))
    assert "Som riket eller bättre" in directed and "Sämre än riket" in directed
    assert "Sämre än riket" not in written(drawn("compare", published, kartlaggning="psykiatrin", ar="2022"))


def test_a_share_is_said_of_what_it_was_divided_by(published: str) -> None:
    said = written(drawn("compare", published, kartlaggning="ungdomsmottagningar", ar="2016"))
    assert "57,0 % av de 221 som svarat" in said.replace("\u00a0", " ")


def test_a_profile_says_once_what_a_measure_counts_in(published: str) -> None:
    profile = written(drawn("profile", published, region="14"))
    assert '<th scope="row">Uppdrag per 100 000 invånare</th>' in profile
    assert "Patienter i BUP som var 0–17 år och bosatta i regionen" in profile  # its definition
    assert re.search(r">2022: \d,\d % \([+−±]\d,\d procentenheter\)<", profile.replace("\u00a0", " "))
    assert '<th scope="row">Medelvårdtid i BUP<small>dagar per vårdtillfälle</small></th>' in profile


def links(test: AppTest) -> set[str]:
    """The addresses of figures' and submissions' provenance on the page."""
    return set(re.findall(r'href="(harkomst[^"]*)"', written(test).replace("&amp;", "&")))


def of_address(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


@pytest.mark.parametrize(
    ("view", "selections"),
    [
        ("compare", {"kartlaggning": "prehospital", "ar": "2023", "matt": "indicator:andel_i_drift"}),
        ("compare", {"kartlaggning": "prehospital", "ar": "2023", "matt": "indicator:team_per_malgrupp"}),
        ("compare", {"kartlaggning": "handlingsplaner", "ar": "2023", "matt": "item:plan"}),
        ("trend", {"kartlaggning": "psykiatrin", "region": "14", "matt": "indicator:bup_barn_andel"}),
        ("profile", {"region": "14"}),
    ],
)
def test_a_figure_s_link_leads_to_that_figure(published: str, view: str, selections: dict[str, str]) -> None:
    found = sorted(links(drawn(view, published, **selections)))
    assert len(found) > 3
    for link in (found[0], found[-1]):
        wanted = of_address(link)
        page = drawn("provenance", published, **wanted)
        assert [each.message for each in page.exception] == []
        shown = [str(each.value) for each in page.selectbox]
        assert [wanted[name] for name in ("kartlaggning", "ar", "matt", "enhet")] == shown[:4]


def test_a_figure_tells_its_units_and_who_is_left_out_and_why(published: str) -> None:
    chosen = {"kartlaggning": "prehospital", "ar": "2023", "matt": "indicator:andel_i_drift", "enhet": "00"}
    page = written(drawn("provenance", published, **chosen))
    assert "20 av 21 enheter ingår" in page
    assert re.search(r"Region Blekinge</th><td[^>]*></td><td[^>]*></td><td>har inte svarat", page)
    assert "demonstration.prehospital.2023.03.1" in page  # corrected since
    assert "avgör om enheten räknas" in page


def test_a_submission_leads_to_the_figures_it_goes_into_and_they_lead_back(published: str) -> None:
    name = "demonstration.prehospital.2023.14.1"
    submission = drawn("provenance", published, handelse=name)
    assert [each.message for each in submission.exception] == []
    figures = [of_address(link) for link in links(submission)]
    assert {each["enhet"] for each in figures} == {"00", "14"}
    country = next(each for each in figures if each["enhet"] == "00" and each["matt"] == "indicator:andel_i_drift")
    assert {"handelse": name} in [of_address(link) for link in links(drawn("provenance", published, **country))]


def test_a_submission_that_was_corrected_says_what_counts_instead(published: str) -> None:
    page = written(drawn("provenance", published, "en", handelse="demonstration.prehospital.2023.03.1"))
    assert "Replaced by demonstration.prehospital.2023.03.2" in page


def test_an_unknown_submission_is_said_to_be_so(published: str) -> None:
    page = drawn("provenance", published, handelse="finns-inte")
    assert [each.message for each in page.exception] == []
    assert any("Ingen publicerad inlämning heter så" in each.value for each in page.markdown)


def test_what_is_hidden_is_hidden_behind_its_figure_too(published: str) -> None:
    chosen = {"kartlaggning": "psykiatrin", "ar": "2023", "matt": "indicator:ratt_patienter", "kon": "K"}
    page = written(drawn("provenance", published, **chosen))
    assert "2 enheter döljs (..)" in page
    cells = re.findall(r"Region Blekinge</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>", page)
    assert cells[0] == ("..", "..")
    assert cells[1][1] == ".."  # the answer behind it


def test_a_revised_figure_and_the_answers_that_revised_it_are_in_the_history(published: str) -> None:
    test = drawn("history", published, kartlaggning="psykiatrin", ar="2017", region="01")
    assert [each.message for each in test.exception] == []
    said = written(test).replace("\u00a0", " ")
    assert re.search(r"publicerat som 5,7 % \(gällde .*?\), nu 5,5 % efter rättelser", said)
    assert re.search(r"27 117.*?25 305", said)
    assert "Patienter som bor i andra regioner" in said
    assert "3 värden från 1 uppgiftslämnare" in said


PLACES = re.compile(r'<tr(?: class="marked")?><th scope="row" class="figure">([^<]*)</th>')


@pytest.mark.parametrize(("language", "head"), [("sv", "Möjlig plats"), ("en", "Possible place")])
def test_while_a_round_is_open_no_place_stands_alone(published: str, language: str, head: str) -> None:
    test = drawn("compare", published, language, kartlaggning="psykiatrin", ar="2026")
    assert [each.message for each in test.exception] == []
    shown = written(test)
    places = [each for each in PLACES.findall(shown) if each]
    assert places and all(re.fullmatch(r"\d+–\d+", each) for each in places)
    assert head in shown
    beware = {"sv": r"Ingen plats är säker än: \d+ av 21 regioner", "en": r"No place is certain yet: \d+ of 21 regions"}
    assert re.search(beware[language], shown)
    assert {"sv": "Hittills: ", "en": "So far: "}[language] in shown


def test_a_finished_year_gives_each_its_place(published: str) -> None:
    shown = written(drawn("compare", published, kartlaggning="psykiatrin", ar="2022", region="14"))
    assert PLACES.findall(shown)[1:4] == ["1", "2", "3"]
    assert "plats" in shown and "Ingen plats är säker" not in shown and "Hittills" not in shown


@pytest.mark.parametrize(("view", "language"), [("compare", "sv"), ("trend", "en")])
def test_an_open_round_shows_how_the_figure_has_moved(published: str, view: str, language: str) -> None:
    chosen = {"kartlaggning": "psykiatrin", "ar": "2026", "matt": "indicator:vuxen_platser_per_1000"}
    test = drawn(view, published, language, **chosen)
    assert [each.message for each in test.exception] == []
    title = {"sv": "Så har siffran rört sig under insamlingen, 2026", "en": "How the figure has moved during the round"}
    assert any(each.value.startswith(title[language]) for each in test.subheader)
    assert re.search({"sv": r"\d+ av 21 med\)", "en": r"\d+ of 21 included\)"}[language], written(test))


def test_how_a_figure_with_small_numbers_moved_is_not_told(published: str) -> None:
    shown = drawn("compare", published, kartlaggning="psykiatrin", ar="2026", matt="indicator:ratt_patienter")
    assert "två lägen efter varandra skulle röja dem" in written(shown)
    done = drawn("compare", published, kartlaggning="psykiatrin", ar="2023", matt="indicator:ratt_patienter")
    assert not any("rört sig" in each.value for each in done.subheader)
