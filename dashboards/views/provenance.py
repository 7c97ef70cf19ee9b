"""Where figures come from: of a figure its units, answers and submissions; of a submission every figure it is in."""

from collections.abc import Sequence

import streamlit as st

from dashboards import address, data, format, metrics
from dashboards.page import Page, choose_survey, choose_year, head, remarks
from dashboards.records import Behind, Fed, Figure, Measure, Place, Revision, Sent, Survey, Used
from dashboards.said import sex_name, written
from dashboards.shown import choose_kind, choose_measure, choose_sex, facts_of, place_of, traced
from dashboards.tables import Cell, Column, Markup, facts, linked, sentence, table

MOST = 200  # answers that one reads on a page
LEVELS = ("country", "region", "unit")


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_provenance"), words("provenance_lead"))
    name = address.typed("handelse", words("trace_event"), words("trace_hint"))
    if not name:
        _figure(page)
        return
    sent = data.sent(page.publish_id, name, page.language)
    if sent is None:
        st.markdown(words("trace_none"))
    else:
        _sent(page, sent)


def _figure(page: Page) -> None:
    survey, measure, figures, kind = _choose(page)
    chosen = _choose_place(page, measure, metrics.of_sex(figures, choose_sex(page, measure)))
    remarks(page, survey)
    if chosen is None:
        st.markdown(page.words("nobody"))
        return
    place = place_of(survey.survey, survey.year, measure, kind, chosen)
    title = f"{measure.label}, {survey.year}"
    st.header(f"{title} · {sex_name(measure.name, place.sex, page.words)}" if measure.by_sex else title, anchor=False)
    _say(page, survey, measure, chosen)
    behind = data.behind(page.publish_id, place)
    _behind(page, measure, chosen, behind)
    used = data.used(page.publish_id, place, page.language)
    if any(each.role == "value" and each.side == "numerator" for each in used) and chosen.level != "unit":
        st.html(sentence(page.words("distinct_say")))
    _used(page, page.words("used_title"), used, with_unit=chosen.level != "unit")
    _earlier(page, data.earlier_revisions(page.publish_id, place))
    _checked(page, place)
    facts_of(page, survey, measure, kind)


def _choose(page: Page) -> tuple[Survey, Measure, list[Figure], str]:
    first, second = st.columns([3, 1])
    with first:
        name = choose_survey(page)
    with second:
        survey = choose_year(page, name)
    measure = choose_measure(page, survey, data.measures(page.publish_id, name, survey.year, page.language))
    kind = choose_kind(page, measure)
    figures = data.figures(page.publish_id, name, survey.year, measure.id, measure.form, kind, page.language)
    return survey, measure, figures, kind


def _choose_place(page: Page, measure: Measure, figures: Sequence[Figure]) -> Figure | None:
    """The figure of the unit and the category that the reader chooses; None when there is none."""
    if not figures:
        return None
    ordered = sorted(figures, key=lambda each: LEVELS.index(each.level))
    units = {each.unit_id: each.name or page.words("country") for each in ordered}
    default = next(iter(units))
    first, second = st.columns(2)
    with first:
        unit = address.choose(
            "enhet", page.words("unit"), list(units), default, lambda each: units[each], scope=measure.id
        )
    labels = {each.category: each.category_label for each in ordered if each.category}
    category = ""
    if labels and measure.is_indicator:
        with second:
            category = address.choose(
                "svar",
                page.words("category"),
                list(labels),
                next(iter(labels)),
                lambda each: labels[each],
                scope=measure.id,
            )
    else:
        address.forget("svar")
    of_unit = [each for each in ordered if each.unit_id == unit]
    return next((each for each in of_unit if each.category == category), of_unit[0])


def _say(page: Page, survey: Survey, measure: Measure, figure: Figure) -> None:
    words, language = page.words, page.language
    publication = data.publication(page.publish_id)
    watermark = ", ".join(
        words("updated_position", offset=format.whole(offset, language), partition=partition)
        for partition, offset in publication.watermarks.items()
    )
    of = [each for each in (figure.numerator, figure.denominator) if each is not None]
    value = figure.text or written(figure, measure, page.words)
    if figure.category_label and not measure.is_indicator:
        value = ""  # a question's answers are told one by one below
    st.html(
        facts(
            [
                (words("trace_place"), figure.name or words("country")),
                (words("value"), f"{value} {'' if measure.is_percent or not value else measure.unit}".strip()),
                (words("trace_of"), " / ".join(_number(page, each) for each in of) if measure.is_indicator else ""),
                (words("coverage"), words("n_of", answered=figure.answered, expected=figure.expected)),
                (words("note"), figure.note or ""),
                (
                    words("questionnaire"),
                    f"{survey.survey}/{survey.year} {data.fingerprint(page.publish_id, survey.survey, survey.year)}",
                ),
                (
                    words("publication_named"),
                    words("publication_say", publish_id=publication.publish_id, watermark=watermark),
                ),
            ]
        )
    )


def _behind(page: Page, measure: Measure, figure: Figure, behind: Sequence[Behind]) -> None:
    words = page.words
    hidden = [each for each in behind if each.missing == "suppressed"]
    counting = [each for each in behind if each.numerator is not None]
    if measure.is_indicator:
        st.html(sentence(words("behind_say", counting=len(counting) + len(hidden), of=len(behind))))
    else:
        st.html(sentence(words("behind_item_say", of=len(behind))))
    if hidden and figure.numerator is not None and figure.level != "unit":
        rest = figure.numerator - sum(each.numerator or 0 for each in behind)
        st.html(sentence(words("hidden_say", n=len(hidden), numerator=_number(page, rest))))
    added = ("numerator", "denominator", "note") if measure.is_indicator else ()
    heads = ["unit", *added, "submission", "submitted", "mode", "revision", "position"]
    columns = [Column(words(name), name in ("numerator", "denominator", "revision")) for name in heads]
    rows: list[list[Cell]] = [
        [each.name, *(_added(page, each) if added else ()), *_response(page, each)] for each in behind
    ]
    st.html(table(words("behind_title"), columns, rows, tall=len(rows) > 30))


def _added(page: Page, each: Behind) -> list[Cell]:
    if each.missing == "suppressed":
        hidden = format.SIGNS["suppressed"]
        return [hidden, hidden, page.words("missing_suppressed")]
    numbers = ["" if part is None else _number(page, part) for part in (each.numerator, each.denominator)]
    return [*numbers, page.words(f"missing_{each.missing}") if each.missing else ""]


def _response(page: Page, each: Behind | Revision) -> list[Cell]:
    if each.submission_id is None or each.submitted_at is None:
        return ["", "", "", "", ""]
    return [
        _submission(page, each.submission_id),
        format.short_moment(each.submitted_at, page.language),
        page.words.known("mode", each.mode or ""),
        str(each.revision),
        f"responses/{each.position}",
    ]


def _submission(page: Page, submission: str) -> Markup:
    return linked(submission, address.link("harkomst", handelse=submission), page.words("fed_title"))


def _used(page: Page, title: str, used: Sequence[Used], with_unit: bool) -> None:
    words = page.words
    has_rows, has_roles = any(each.row_no for each in used), any(each.role for each in used)
    names = [
        *(["unit"] if with_unit else []),
        "question",
        *(["row"] if has_rows else []),
        "answer",
        *(["used_as", "counts"] if has_roles else []),
        "explanation",
    ]
    rows: list[list[Cell]] = []
    for each in used[:MOST]:
        cells = {
            "unit": each.unit,
            "question": f"{each.question} · {words(f'sex_{each.sex}')}" if each.sex else each.question,
            "row": str(each.row_no or ""),
            "answer": _answer(page, each),
            "used_as": f"{words(f'side_{each.side}')}: {words(f'role_{each.role}')}" if each.role else "",
            "counts": words("yes" if each.counts else "no"),
            "explanation": each.explanation or "",
        }
        rows.append([cells[name] for name in names])
    st.html(table(title, [Column(words(name), name == "row") for name in names], rows, tall=len(rows) > 30))
    if len(used) > MOST:
        st.caption(words("used_more", n=MOST))


def _answer(page: Page, each: Used) -> str:
    if each.missing == "suppressed":
        return format.SIGNS["suppressed"]
    if each.missing:
        return page.words(f"missing_{each.missing}")
    if each.text in ("true", "false"):
        return page.words("yes" if each.text == "true" else "no")
    return each.text or ("" if each.value_number is None else _number(page, each.value_number))


def _earlier(page: Page, earlier: Sequence[Revision]) -> None:
    if not earlier:
        return
    words = page.words
    names = ("unit", "submission", "submitted", "mode", "revision", "position", "reason")
    columns = [Column(words(name), name == "revision") for name in names]
    rows: list[list[Cell]] = [[each.unit, *_response(page, each), each.reason or ""] for each in earlier]
    st.html(table(words("earlier_title"), columns, rows, tall=len(rows) > 15))


def _checked(page: Page, place: Place) -> None:
    words = page.words
    explained = data.explained_behind(page.publish_id, place, page.language)
    if explained:
        columns = [Column(words(name)) for name in ("unit", "rule", "explanation")]
        rows: list[list[Cell]] = [[each.unit, each.rule, each.explanation or ""] for each in explained]
        st.html(table(words("checks_title"), columns, rows, tall=len(rows) > 15))
    audited = data.audited_behind(page.publish_id, place, page.language)
    failed = [each for each in audited if not each.success]
    st.html(sentence(words("trace_audit_say", passed=len(audited) - len(failed), of=len(audited))))
    if failed:
        columns = [Column(words(name)) for name in ("expectation", "severity", "observed")]
        rows = [[each.title, words(f"severity_{each.severity}"), each.observed or ""] for each in failed]
        st.html(table(words("audit_failed"), columns, rows, tall=len(rows) > 15))


def _sent(page: Page, sent: Sent) -> None:
    words, revision = page.words, sent.revision
    st.header(f"{sent.title} {sent.year} · {revision.unit}", anchor=False)
    state = words("sent_current") if revision.current else words("sent_superseded", submission=sent.counting)
    st.html(
        facts(
            [
                (words("state_named"), state),
                (words("submission"), revision.submission_id),
                (words("event"), revision.event_id),
                (words("position"), f"responses/{revision.position}"),
                (words("submitted"), format.moment(revision.submitted_at, page.language)),
                (words("mode"), words.known("mode", revision.mode)),
                (words("revision"), str(revision.revision)),
                (words("reason"), revision.reason or ""),
                (words("questionnaire"), f"{sent.survey}/{sent.year} {sent.fingerprint}"),
            ]
        )
    )
    if not revision.current:
        st.markdown(words("sent_answers_none"))
        return
    _fed(page, data.fed(page.publish_id, revision.event_id, page.language))
    answers = data.held_answers(page.publish_id, revision.event_id, page.language)
    _used(page, words("sent_answers"), answers, with_unit=False)


def _fed(page: Page, fed: Sequence[Fed]) -> None:
    words = page.words
    missing = sum(not each.counts for each in fed)
    st.html(sentence(words("fed_say", n=len(fed) - missing, missing=missing)))
    columns = [
        Column(words(name), name == "value") for name in ("measure", "trace_place", "value", "category", "counts")
    ]
    rows: list[list[Cell]] = [
        [
            f"{each.label} · {sex_name(each.place.measure.partition(':')[2], each.place.sex, page.words)}"
            if each.place.sex != "T"
            else each.label,
            each.unit or words("country"),
            traced(page, each.place, _value(page, each)),
            each.category_label,
            words("yes" if each.counts else "no"),
        ]
        for each in fed
    ]
    st.html(table(words("fed_title"), columns, rows, tall=len(rows) > 30))


def _value(page: Page, each: Fed) -> str:
    if each.value is None:
        return format.SIGNS[each.missing or "item_nonresponse"]
    return format.quantity(each.value, each.decimals, each.is_percent, page.language)


def _number(page: Page, value: float) -> str:
    return format.number(value, 0 if float(value).is_integer() else 1, page.language)
