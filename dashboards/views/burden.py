"""Burden: how long a mapping takes, what its questions are for, and which are answered as the time before."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboards import address, charts, data, format
from dashboards.page import Page, choose_survey, choose_year, head, remarks
from dashboards.records import Burdened, Survey, TimeSpent
from dashboards.tables import Cell, Column, legend, remark, sentence, table
from surveys.burden import ALWAYS_SHARE, ALWAYS_UNITS, USES, Use

WITHOUT: tuple[Use, ...] = ("circle", "listed")  # the uses of questions that no figure needs
NAMED = 3  # of what needs a question; more say little, and fill a phone


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_burden"), words("burden_lead"))
    first, second = st.columns(2)
    with first:
        name = choose_survey(page)
    with second:
        survey = choose_year(page, name)
    remarks(page, survey)
    questions = data.burden(page.publish_id, survey.survey, survey.year, page.language)
    _time(page, survey)
    _use(page, survey, questions)
    _questions(page, survey, questions)


def _time(page: Page, survey: Survey) -> None:
    words = page.words
    st.header(f"{words('burden_time')}, {survey.year}", anchor=False)
    st.markdown(words("burden_time_lead"))
    spent = data.time_spent(page.publish_id, survey.survey, survey.year, page.language)
    if not spent:
        st.markdown(words("burden_time_none"))
        return
    for each in spent:
        if each.how == "measured" and not each.section:
            st.html(sentence(_said(page, each)))
    # A phone shows the first columns: the figure and its base before what they are of.
    heads = ("burden_section", "burden_minutes", "burden_known", "kind", "burden_how")
    columns = [Column(words(name), name in heads[1:3]) for name in heads]
    rows: list[list[Cell]] = [
        [
            each.section or words("burden_whole"),
            _minutes(page, each.minutes),
            words("n_of", answered=each.units, expected=each.answered),
            words(f"units_{each.kind}"),
            words(f"burden_how_{each.how}"),
        ]
        for each in spent
    ]
    marked = [place for place, each in enumerate(spent) if not each.section]
    st.html(table(words("burden_time"), columns, rows, marked))


def _said(page: Page, each: TimeSpent) -> str:
    facts = {"units": each.units, "answered": each.answered, "minutes": _minutes(page, each.minutes)}
    return page.words("burden_time_say", kind=page.words(f"units_{each.kind}"), **facts)


def _use(page: Page, survey: Survey, questions: Sequence[Burdened]) -> None:
    words = page.words
    st.header(f"{words('burden_use')}, {survey.year}", anchor=False)
    st.markdown(words("burden_use_lead"))
    names = [words(f"burden_use_{use}") for use in USES]
    st.html(legend(charts.category_key(names)))
    st.altair_chart(_chart(page, questions), theme=None)
    uses = Counter(each.use for each in questions)
    without = sum(uses[use] for use in WITHOUT)
    facts = {"listed": uses["listed"], "circle": uses["circle"]}
    st.html(sentence(words("burden_use_say", n=without, of=len(questions), **facts)))


def _chart(page: Page, questions: Sequence[Burdened]) -> "charts.Drawn":
    """Of each section's questions, the share for each use."""
    size = Counter(each.section for each in questions)
    count = Counter((each.section, each.use) for each in questions)
    parts = [
        charts.Part(
            section,
            page.words(f"burden_use_{use}"),
            100 * count[section, use] / size[section],
            page.words("n_of", answered=count[section, use], expected=size[section]),
        )
        for section in size
        for use in USES
    ]
    return charts.shares(parts, [page.words(f"burden_use_{use}") for use in USES])


def _questions(page: Page, survey: Survey, questions: Sequence[Burdened]) -> None:
    words = page.words
    st.header(f"{words('burden_questions')}, {survey.year}", anchor=False)
    bound = format.quantity(100 * ALWAYS_SHARE, 0, True, page.language)
    st.markdown(words("burden_unchanged_lead", share=bound, units=ALWAYS_UNITS))
    always = [each for each in questions if each.is_always_unchanged]
    could = sum(each.compared >= ALWAYS_UNITS for each in questions)
    both = sum(each.use in WITHOUT for each in always)
    st.html(sentence(words("burden_unchanged_say", n=len(always), of=could, both=both)))
    chosen = {"all": questions, "listed": [one for one in questions if one.use in WITHOUT], "always": always}
    which = address.choose(
        "visa", words("burden_show"), list(chosen), "all", lambda name: words(f"burden_show_{name}"), "buttons"
    )
    if not chosen[which]:
        st.markdown(words("burden_none"))
        return
    heads = (
        "question", "burden_for", "burden_unchanged", "burden_before", "burden_asked", "burden_used_by",
        "burden_estimate", "burden_section",
    )  # fmt: skip
    columns = [Column(words(name), name in ("burden_unchanged", "burden_asked", "burden_estimate")) for name in heads]
    rows = [_cells(page, each) for each in chosen[which]]
    st.html(table(words("burden_questions"), columns, rows, tall=len(rows) > 15))
    if any(each.minutes is not None for each in questions):
        st.html(remark(words("burden_estimate_note")))


def _cells(page: Page, each: Burdened) -> list[Cell]:
    words = page.words
    more = f" +{len(each.used_by) - NAMED}" if len(each.used_by) > NAMED else ""
    return [
        each.question,
        words(f"burden_use_{each.use}"),
        _unchanged(page, each),
        words("burden_not_comparable") if each.compared_with is None else str(each.compared_with),
        format.whole(each.answering, page.language),
        "; ".join(each.used_by[:NAMED]) + more,
        "" if each.minutes is None else _minutes(page, each.minutes),
        each.section,
    ]


def _unchanged(page: Page, each: Burdened) -> str:
    """The share with its base; nothing where nobody could be compared."""
    if not each.compared:
        return ""
    share = format.quantity(100 * each.unchanged / each.compared, 0, True, page.language)
    return f"{share} ({page.words('n_of', answered=each.unchanged, expected=each.compared)})"


def _minutes(page: Page, minutes: float) -> str:
    return format.number(minutes, 0 if minutes == int(minutes) else 1, page.language)
