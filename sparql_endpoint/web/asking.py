"""From what a request asks and accepts to the question for the runner, for either kind of answer.

Whether a query gives solutions or triples is known only when it runs: reading a hostile text
could keep this process busy for a second. So a format is chosen for each kind beforehand.
"""

from functools import cached_property

from flask import Flask
from werkzeug.wrappers import Request

from sparql_endpoint.errors import NotAcceptableError, UsageError
from sparql_endpoint.query.prepare import may_be_relative
from sparql_endpoint.web.answering import GONE, answer_key, answer_to, entity_tag, is_steady
from sparql_endpoint.web.offers import GRAPHS, RESULTS, Offer, Offers
from sparql_endpoint.web.pages import pages
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.runner import Answer, Question
from sparql_endpoint.web.service import Service, of

__all__ = ["OUTCOME", "Asking"]

OUTCOME = "forumgraph.outcome"
"""Where the server leaves what has become of a request's query already: an answer or an error."""


class Asking:
    """A query that a request asks, and what the client would take as its answer.

    Raises:
        NotAcceptableError: the client takes no format of any kind of answer.
    """

    def __init__(self, asked: QueryRequest, request: Request, app: Flask) -> None:
        self.asked, self.request = asked, request
        self.served: Service = of(app)
        page = pages(app) is not None
        accept = request.environ.get("HTTP_ACCEPT", "")
        self._results = _choose(RESULTS, accept, asked.format, page=page)
        self._graphs = _choose(GRAPHS, accept, asked.format, page=page)
        if isinstance(self._results, NotAcceptableError) and not isinstance(self._graphs, Offer):
            raise self._results
        self.question = Question(
            asked.query,
            asked.dataset,
            _format(self._results, "json"),
            _format(self._graphs, "turtle"),
            client=request.remote_addr or "",
            max_rows=self.served.settings.page_rows if self.is_for_a_page else None,
            gone=request.environ.get(GONE),
            base=request.base_url if may_be_relative(asked.query) else None,
        )

    @property
    def is_for_a_page(self) -> bool:
        """Whether every answer that the client takes is a page."""
        choices = (self._results, self._graphs)
        return not any(isinstance(choice, Offer) and choice.format for choice in choices)

    @cached_property
    def etag(self) -> str:
        """The entity tag of the answer, empty for one that changes by itself."""
        steady = self.served.about.steady and is_steady(self.asked.query)
        if not steady or self.is_for_a_page:
            return ""
        media_types = [
            choice.media_type if isinstance(choice, Offer) else None
            for choice in (self._results, self._graphs)
        ]
        return entity_tag((answer_key(self.served, self.question), *media_types))

    def answer(self) -> tuple[Answer, Offer]:
        """Return the answer and the offer that it fulfils.

        Raises:
            NotAcceptableError: the client takes no format of this kind of answer.
            ForumGraphError: as ``answer_to``.
        """
        outcome = self.request.environ.pop(OUTCOME, None)
        try:
            if isinstance(outcome, Exception):
                raise outcome
            answer = outcome or answer_to(self.served, self.question)
        except UsageError as error:
            for choice in (self._results, self._graphs):
                if isinstance(choice, NotAcceptableError):
                    raise choice from error
            raise
        return answer, self.offer(answer)

    def offer(self, answer: Answer) -> Offer:
        """Return the offer that an answer fulfils."""
        offer = self._graphs if answer.graph else self._results
        assert isinstance(offer, Offer)  # noqa: S101  # the runner refuses what was not offered
        return offer


def _choose(
    offers: Offers, accept: str, name: str | None, *, page: bool
) -> Offer | NotAcceptableError:
    try:
        return offers.choose(accept, name, page=page)
    except NotAcceptableError as error:
        return error


def _format(choice: Offer | NotAcceptableError, page_format: str) -> str | None:
    """Return the short name of the format to write; a page is made of ``page_format``."""
    if not isinstance(choice, Offer):
        return None
    return choice.format.name if choice.format else page_format
