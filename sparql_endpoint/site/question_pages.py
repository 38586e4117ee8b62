"""``/question/<slug>``: a ready question with its answer for readers, and as CSV or JSON.

The published IRI of a question, ``…/query/<slug>``, leads here.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.query.catalogue import CompetencyQuestion, find
from sparql_endpoint.query.parameters import (
    KINDS,
    PARAMETERS,
    choices_query,
    fill,
    parameters_of,
    variables,
)
from sparql_endpoint.query.trust import DEFAULT
from sparql_endpoint.query.trust import find as find_policy
from sparql_endpoint.site import answers, citation, kept, pictures, trust_pages
from sparql_endpoint.site.answer_sentences import sentence_of
from sparql_endpoint.site.answers import Answer
from sparql_endpoint.site.asking import rows, turtle
from sparql_endpoint.site.fitting import fit
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.lists import listing
from sparql_endpoint.site.picture import Picture
from sparql_endpoint.site.picture_pages import shown, svg_response
from sparql_endpoint.site.questions import groups, questions
from sparql_endpoint.site.showing import name_of
from sparql_endpoint.site.wording import N_

__all__ = ["blueprint"]

blueprint = Blueprint("question", __name__)

_MOST_CHOICES = 60
_NAMES: Mapping[str, str] = {
    "forum": N_("Forum"),
    "meeting": N_("Meeting"),
    "year": N_("Year"),
    "state": N_("State"),
    "language": N_("Language"),
}


@blueprint.get("/query/<slug>")
def by_iri(slug: str) -> Response:
    """Lead from the IRI of a question to its page."""
    _find(slug)
    chosen = request.query_string.decode("ascii", "replace")
    where = f"{root()}question/{slug}{chosen and '?'}{chosen}"
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": where})


@blueprint.get("/question")
def index() -> str:
    """Show all questions."""
    return render_template("site/questions.html", groups=groups(every=True))


@blueprint.get("/question/<slug>")
def page(slug: str) -> str:
    """Show a question with its answer, for the parameters chosen.

    Raises:
        NotFoundError: there is no such question.
        UsageError: a parameter has no such value.
    """
    question = _find(slug)
    text, chosen = _filled(question)
    columns = variables(text)
    policy = _policy()
    answer = _answer(slug, text, policy)
    if policy != DEFAULT:
        chosen["trust"] = policy
    asked, year = urlencode(chosen), service().about.modified.year
    return render_template(
        "site/question.html",
        question=question,
        answer=answer,
        turtle="" if columns else turtle(text, policy),
        heading=answers.heading,
        cell=answers.cell,
        sentence=sentence_of(slug, answer) if columns else "",
        text=text,
        parameters=[
            (name, gettext(_NAMES[name]), _offered(question, name)) for name in _taken(question)
        ],
        chosen=chosen,
        policy=find_policy(policy) if policy != DEFAULT else None,
        policies=trust_pages.offered(),
        query_string=asked,
        shown=shown(f"question/{slug}.svg", _picture(question, answer, chosen), asked),
        citation=citation.of_answer(
            gettext(question.title), f"{BASE}query/{slug}{asked and '?'}{asked}", year
        ),
    )


@blueprint.get("/question/<slug>.<any(csv, json):form>")
def data(slug: str, form: str) -> Response:
    """Return the answer to a question as CSV or JSON.

    Raises:
        NotFoundError: there is no such question, or its answer is no table.
        UsageError: a parameter has no such value.
    """
    question = _find(slug)
    text, _ = _filled(question)
    columns = variables(text)
    if not columns:
        raise NotFoundError(f"the answer to '{slug}' is no table; ask for it at /sparql")
    answer = _answer(slug, text, _policy())
    headings = [answers.heading(name) for name in columns]
    return listing(slug, form, headings, answers.records(answer))


@blueprint.get("/question/<slug>.svg")
def drawn(slug: str) -> Response:
    """Return the picture that fits the answer to a question.

    Raises:
        NotFoundError: there is no such question, or no picture fits its answer.
        UsageError: a parameter has no such value.
    """
    question = _find(slug)
    text, chosen = _filled(question)
    policy = _policy()
    answer = _answer(slug, text, policy)
    if policy != DEFAULT:
        chosen["trust"] = policy
    return svg_response(_picture(question, answer, chosen))


def _picture(
    question: CompetencyQuestion, answer: Answer, chosen: Mapping[str, str]
) -> Picture | None:
    """Return the picture that was made for a question, else the one that fits its answer."""
    made = None if chosen else pictures.of_question(question.slug)
    return made.picture() if made else fit(gettext(question.title), answer)


def _answer(slug: str, text: str, policy: str) -> Answer:
    """Return the answer to a question; an empty one where it is no table."""
    columns = variables(text)
    return Answer(columns, answers.as_printed(slug, rows(text, policy)) if columns else [])


def _policy() -> str:
    """Return the name of the policy of trust that the reader chose.

    Raises:
        UsageError: there is no such policy.
    """
    return find_policy(request.args.get("trust") or DEFAULT).name


def _find(slug: str) -> CompetencyQuestion:
    if not questions():
        raise NotFoundError("other data are served here, for which there are no ready questions")
    return find(slug)


def _taken(question: CompetencyQuestion) -> dict[str, str]:
    """Return the parameters of a question that leave a choice."""
    return {
        name: column
        for name, column in parameters_of(question.text).items()
        if len(_offered(question, name)) > 1
    }


def _filled(question: CompetencyQuestion) -> tuple[str, dict[str, str]]:
    """Return the query for what the reader chose, and what that is."""
    chosen = {name: request.args[name] for name in PARAMETERS if request.args.get(name)}
    return fill(question.text, chosen, lambda name: _values(question, name)), chosen


def _values(question: CompetencyQuestion, name: str) -> list[str]:
    """Return the values that a parameter of a question can have, asked for once a dataset."""
    return kept.once((__name__, question.slug, name), lambda: list(_asked(question, name)))


def _asked(question: CompetencyQuestion, name: str) -> Iterable[str]:
    if name in KINDS:
        return [row["thing"].value for row in rows(choices_query(name)) if row["thing"].is_iri]
    column = parameters_of(question.text)[name]
    found = {row[column].value for row in rows(question.text) if column in row}
    return sorted({value[:4] for value in found} if name == "year" else found)


def _offered(question: CompetencyQuestion, name: str) -> list[tuple[str, str]]:
    """Return the values that a reader may choose, each with what it is called."""
    values = _values(question, name)[:_MOST_CHOICES]
    if name in KINDS:
        return [(iri.removeprefix(PREFIXES["id"]), name_of(iri).text) for iri in values]
    return [(value, value) for value in values]
