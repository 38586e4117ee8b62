"""The graph in a program of one's own: questions, the claims about a thing, and the pages.

::

    from sparql_endpoint.api import Project

    project = Project()
    rows = project.ask("meetings")
    claims = project.claims("chile")
    application = project.application()
"""

import csv
import io
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions

from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.export.claims_csv import claims_csv
from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.query.catalogue import find
from sparql_endpoint.query.parameters import choices_query, fill, parameters_of
from sparql_endpoint.query.run import run
from sparql_endpoint.server.data_source import DataSource

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Project", "Row"]

Row = dict[str, str]


class Project:
    """The project's own data, or those of RDF files, in the memory of this process.

    Raises:
        NotFoundError: a file is not there.
        DataError: a file cannot be read as RDF.
    """

    def __init__(self, *files: Path | str) -> None:
        dataset = DataSource(tuple(map(Path, files))).dataset()
        self.store = dataset.load()
        """An Oxigraph store: the files of the project as named graphs, their merge as default."""
        self._about = dataset.about

    def ask(self, question: str, **parameters: str) -> list[Row]:
        """Return the rows of an answer; a variable that is unbound is missing in its row.

        No limit of time or memory holds here.

        Args:
            question: the name of a ready question such as ``meetings``, or a SELECT of SPARQL,
                which needs no ``PREFIX`` for our terms.
            parameters: those of a ready question, such as ``year="2018"``.

        Raises:
            NotFoundError: there is no question of that name.
            QuerySyntaxError: the text is not SPARQL.
            UsageError: it is no SELECT, or there is no such parameter or value.
        """
        text = question if "{" in question else find(question).text
        text = fill(text, parameters, lambda name: self._choices(text, name))
        solutions = run(self.store, text)
        if not isinstance(solutions, QuerySolutions):
            raise UsageError("this is no SELECT: ask for rows, or use project.store.query")
        names = [variable.value for variable in solutions.variables]
        return [
            {
                name: getattr(solution[name], "value", str(solution[name]))
                for name in names
                if solution[name] is not None
            }
            for solution in solutions
        ]

    def claims(self, thing: str) -> list[Row]:
        """Return the claims with a thing as their subject or value, by the columns of the table.

        A claim whose ``standing`` is ``attributed`` is its claimant's word and no fact.

        Args:
            thing: an IRI, a name such as ``id:chile``, or what follows ``id:``.

        Raises:
            NotFoundError: no claim is about it, and it is nothing that the graph describes.
        """
        iri = expand(thing if ":" in thing else f"id:{thing}")
        found = [row for row in self._claims if iri in {row["subject"], row["object"]}]
        if not found and iri not in {getattr(quad.subject, "value", "") for quad in self.store}:
            raise NotFoundError(
                f"the graph has nothing named '{thing}': take an IRI, or the last part of one that"
                f" begins with {PREFIXES['id']}"
            )
        return found

    def application(self) -> "Flask":
        """Return an application of Flask that serves the endpoint and the pages.

        It answers in the process that runs it, so nothing ends a long query there; a server for the
        public is ``forumgraph serve``.
        """
        from sparql_endpoint.app import create_app  # noqa: PLC0415  # 0.3 s that questions need not
        from sparql_endpoint.query.evaluation import QueryRunner  # noqa: PLC0415  # as above
        from sparql_endpoint.site.app import register  # noqa: PLC0415  # as above

        application = create_app(QueryRunner.over(self.store), self._about)
        register(application)
        return application

    @cached_property
    def _claims(self) -> list[Row]:
        quads = list(self.store)
        return list(csv.DictReader(io.StringIO(claims_csv(quads, quads).decode(), newline="")))

    def _choices(self, text: str, name: str) -> list[str]:
        """Return the values that a parameter of a question can have here."""
        column = parameters_of(text)[name]
        values = {
            row[column or "thing"]
            for row in self.ask(text if column else choices_query(name))
            if (column or "thing") in row
        }
        return sorted({value[:4] for value in values} if name == "year" else values)
