"""What every view is given, and the few pieces of layout that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import address, data
from dashboards.records import Language, Survey
from dashboards.said import remarks_about
from dashboards.texts import Words


@dataclass(frozen=True, slots=True)
class Page:
    """One drawing of a page: of which publication, in which language."""

    publish_id: str
    words: Words

    @property
    def language(self) -> Language:
        return self.words.language

    def surveys(self) -> list[Survey]:
        """Every year of every mapping in the publication."""
        return data.surveys(self.publish_id, self.language)


def head(title: str, lead: str) -> None:
    """The page's heading and the line that says what it is for."""
    st.title(title, anchor=False)
    st.html(f'<p class="lb-lead">{escape(lead)}</p>')


def warning(text: str) -> None:
    """Something to know before reading the figures."""
    st.html(f'<p class="lb-warning">{escape(text)}</p>')


def choose_survey(page: Page) -> str:
    """The mapping that the reader chooses, of those that somebody has answered."""
    titles = {each.survey: each.title for each in page.surveys() if each.answered}
    names = sorted(titles)
    return address.choose("kartlaggning", page.words("mapping"), names, names[0], lambda name: titles[name])


def choose_year(page: Page, survey: str) -> Survey:
    """The year of the mapping, the newest finished one unless another is asked for."""
    years = {str(each.year): each for each in page.surveys() if each.survey == survey and each.answered}
    newest_first = sorted(years, reverse=True)
    finished = [year for year in newest_first if years[year].status == "published"]
    default = (finished or newest_first)[0]
    chosen = address.choose("ar", page.words("year"), newest_first, default, scope=survey)
    return years[chosen]


def choose_region(page: Page, name: str, label: str, none: str | None = None) -> str:
    """A region's code; '' for none, where `none` names that choice."""
    names = {unit.unit_id: unit.name for unit in data.regions(page.publish_id)}
    options: Sequence[str] = [*([""] if none is not None else []), *names]
    return address.choose(name, label, options, options[0], lambda code: names.get(code, none or ""))


def remarks(page: Page, survey: Survey) -> None:
    """What a reader must know about a part: its content is held, or its round is still open."""
    for remark in remarks_about(survey, page.words):
        warning(remark)
