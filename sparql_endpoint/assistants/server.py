"""The MCP server: few tools that read, each answer with its claims, and never larger than asked.

The SDK takes 1.5 s and 57 MB to import, so that it has a process of its own and is not in the
workers of the endpoint.
"""

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sparql_endpoint import __version__
from sparql_endpoint.assistants import queries
from sparql_endpoint.assistants.answers import Answer, bounded, brief, plain, rows, statements
from sparql_endpoint.assistants.endpoint_client import EndpointClient
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.names import PREFIXES, shorten
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.parameters import parameters_of

__all__ = ["INSTRUCTIONS", "make_server"]

INSTRUCTIONS = """\
A graph of who said what at diplomatic forums, each statement with its source.
Two kinds of statements: asserted ones are facts of the graph; attributed ones are only somebody's
word. Never repeat an attributed claim as a fact: name the claimant. Cite the IRI of the claim and
its source, and the words where there are any. Say so where claimants differ.
Names such as id:chile or claim:… are short for IRIs; the tool sparql knows these prefixes.
Begin with find, or with questions. An answer is at most 8 kB; left_out counts the rest, which a
larger max_bytes returns.\
"""

_SMALL, _LARGEST = 8_000, 200_000
_TEXTS = frozenset({"meaning", "name"})
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

MaxBytes = Annotated[
    int, Field(ge=500, le=_LARGEST, description="Most bytes of the answer, as JSON.")
]
Language = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,3}$", description="Language of names: en, es, pt or zh.")
]
Thing = Annotated[
    str, Field(max_length=1000, description="Short name, such as id:chile, or IRI of a thing.")
]
Words = Annotated[str, Field(min_length=1, max_length=200, description="Words to look for.")]


def make_server(client: EndpointClient) -> MCPServer[Any]:
    """Return an MCP server whose tools ask ``client``."""
    server: MCPServer[Any] = MCPServer(
        "forumgraph",
        title="Forum Graph",
        instructions=INSTRUCTIONS,
        website_url=client.url,
        version=__version__,
        log_level="WARNING",
    )
    tools = _Tools(client)
    for tool in (
        tools.find,
        tools.describe,
        tools.evidence,
        tools.questions,
        tools.ask_question,
        tools.schema,
        tools.sparql,
    ):
        server.add_tool(tool, annotations=_READS, structured_output=False)
    for uri, read in (
        ("forumgraph://schema", tools.classes),
        ("forumgraph://questions", tools.questions),
        ("forumgraph://thing/{thing}", tools.thing),
    ):
        server.resource(uri, mime_type="application/json")(read)
    server.prompt()(who_says)
    server.prompt()(check_sentence)
    return server


def who_says(topic: str) -> str:
    """Ask who says what about a topic, and where sources differ."""
    return (
        f"Use the tools of forumgraph: who says what about {topic}? Keep facts and claims apart,"
        " name each claimant and source, quote the words where there are any, and say where"
        " sources differ."
    )


def check_sentence(sentence: str) -> str:
    """Ask whether the graph bears out a sentence."""
    return (
        f"Use the tools of forumgraph to check this sentence: «{sentence}». Say for each of its"
        " statements whether the graph asserts it, whether somebody claims it (who, and where),"
        " whether a source contradicts it, or whether no source says so."
    )


class _Tools:
    def __init__(self, client: EndpointClient) -> None:
        self._client = client

    def find(self, words: Words, max_bytes: MaxBytes = _SMALL) -> str:
        """Find things, claims, quotations and sources by name, words, code or Wikidata id."""
        found = _asked(self._client.json, "search", {"q": words, "format": "json"})
        claims = [iri for item in found if (iri := item["iri"]).startswith(PREFIXES["claim"])]
        whose = {
            row["claim"]: {
                "standing": row["standing"].removeprefix("dfo:"),
                "claimant": plain(row.get("claimant", "")),
            }
            for row in (self._select(queries.claimants_of(claims)) if claims else [])
        }
        names = [shorten(item["iri"]) for item in found]
        items = [
            {"name": name}
            | ({} if item["name"] in {name, item["text"]} else {"label": item["name"]})
            | {"text": item["text"]}
            | whose.get(name, {})
            for name, item in zip(names, found, strict=True)
        ]
        return bounded({"found": items}, max_bytes)

    def describe(
        self, thing: Thing, language: Language = "en", max_bytes: MaxBytes = _SMALL
    ) -> str:
        """Describe a thing: facts first, then what is only somebody's word, with who says so."""
        iri = _asked(queries.iri_of, thing)
        names = self._select(queries.names_of(iri))
        values = self._select(queries.values_of(iri, language))
        claims = statements(self._select_raw(queries.claims_about(iri, language)))
        if not (names or values or claims):
            raise ToolError(f"the graph has nothing on {thing}; use the tool find")
        claimed = {(item["subject"], item["property"], item["value"]) for item in claims}
        short = shorten(iri)
        others = [row for row in values if (short, row["property"], row["value"]) not in claimed]
        claims.sort(key=lambda item: item["subject"] != short)
        facts = [brief(item, short) for item in claims if _is_asserted(item)]
        only_claimed = [brief(item, short) for item in claims if not _is_asserted(item)]
        answer = {
            "thing": short,
            "page": f"{self._client.url}thing?iri={iri}",
            "kinds": sorted({row["kind"] for row in names if "kind" in row}),
            "names": sorted({row["name"] for row in names if "name" in row}),
            "facts": [*others, *facts],
            "only_claimed": sorted(only_claimed, key=lambda item: "disputed" not in item),
        }
        return bounded({name: value for name, value in answer.items() if value}, max_bytes)

    def evidence(
        self,
        subject: Thing,
        property: str = "",  # noqa: A002  # the name that a client sees
        value: str = "",
        language: Language = "en",
        max_bytes: MaxBytes = _SMALL,
    ) -> str:
        """Find the claims behind a statement: each claimant, standing, source, place and words.

        Without property or value, the claims about every property or value of the subject.
        """
        iri = _asked(queries.iri_of, subject)
        wanted = {"subject": iri, "property": property.strip(), "value": value.strip()}
        short = {name: shorten(_full(text)) for name, text in wanted.items() if text}
        found = [
            item
            for item in statements(self._select_raw(queries.claims_about(iri, language)))
            if all(item[name] in {text, wanted[name]} for name, text in short.items())
        ]
        note = {} if found else {"note": "no source that the graph has says so"}
        return bounded({"statements": found} | note, max_bytes)

    def questions(self) -> str:
        """List the ready questions, with the parameters that each takes."""
        found = [
            {"name": item.slug, "question": item.question}
            | ({"parameters": taken} if (taken := list(parameters_of(item.text))) else {})
            for item in catalogue().values()
        ]
        return bounded({"questions": found}, _SMALL)

    def ask_question(
        self,
        name: Annotated[str, Field(pattern="^[a-z0-9-]{1,80}$", description="Name of a question.")],
        parameters: dict[str, str] | None = None,
        max_bytes: MaxBytes = _SMALL,
    ) -> str:
        """Answer a ready question, such as meetings, or celac-presidencies with state=Chile."""
        found = _asked(self._client.json, f"question/{name}.json", parameters or {})
        page = f"{self._client.url}question/{name}"
        question = catalogue()[name].question if name in catalogue() else name
        return bounded({"question": question, "page": page, "rows": found}, max_bytes)

    def schema(self, of_class: str = "") -> str:
        """List the classes of the graph, or the properties that the things of one class have."""
        if not of_class:
            return self.classes()
        iri = _asked(queries.iri_of, of_class)
        found = self._select(queries.members_of(iri))
        return bounded({"class": shorten(iri), "properties": found}, _SMALL)

    def sparql(
        self,
        query: Annotated[str, Field(min_length=1, max_length=20_000)],
        max_bytes: MaxBytes = _SMALL,
    ) -> str:
        """Answer a SPARQL 1.1 query; the prefixes of the graph need no declaration.

        Triples of the graph are facts. Claims are nodes with rdf:subject, rdf:predicate,
        rdf:object, dfo:claimant, dfo:standing (dfo:asserted or dfo:attributed) and dfo:evidence.
        """
        found = _asked(self._client.sparql, query)
        answer: Answer = {"whole": found.whole}
        if found.warnings:
            answer["warnings"] = list(found.warnings)
        if found.text:
            return bounded(answer | {"text": found.text}, max_bytes)
        table = {"columns": list(found.columns), "rows": [list(row) for row in found.rows]}
        return bounded(answer | table, max_bytes)

    def classes(self) -> str:
        """List the classes of the graph, with the number of things that each has."""
        return bounded({"classes": self._select(queries.CLASSES)}, _SMALL)

    def thing(self, thing: str) -> str:
        """Describe the thing of a short name."""
        return self.describe(thing)

    def _select_raw(self, query: str) -> Any:
        return _asked(self._client.sparql, query)

    def _select(self, query: str) -> list[Answer]:
        found = rows(self._select_raw(query))
        return [
            {name: plain(text) if name in _TEXTS else text for name, text in row.items()}
            for row in found
        ]


def _is_asserted(statement: Answer) -> bool:
    return any(claim["standing"] == "asserted" for claim in statement["claims"])


def _full(text: str) -> str:
    """Return the IRI of a short name, or a literal as it is."""
    try:
        return queries.iri_of(text)
    except ForumGraphError:
        return text


def _asked(function: Any, *arguments: Any) -> Any:
    """Call ``function``; an error of ours becomes one whose message the assistant reads.

    Raises:
        ToolError: the call fails.
    """
    try:
        return function(*arguments)
    except ForumGraphError as error:
        raise ToolError(str(error)) from error
