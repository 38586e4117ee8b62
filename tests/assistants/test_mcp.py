"""The MCP server, asked by the SDK's own client over both transports."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from in_a_thread import run
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server.mcpserver import MCPServer

from sparql_endpoint.assistants.answers import bounded
from sparql_endpoint.assistants.endpoint_client import EndpointClient
from sparql_endpoint.assistants.server import make_server
from sparql_endpoint.errors import RemoteError

HERE = Path(__file__).parent
CALLS = tomllib.loads((HERE / "calls.toml").read_text(encoding="utf-8"))["call"]
REFUSED = tomllib.loads((HERE / "refused.toml").read_text(encoding="utf-8"))["call"]
TOOLS = {"find", "describe", "evidence", "questions", "ask_question", "schema", "sparql"}


def text_of(result: Any) -> str:
    """Return the text of the result of a call."""
    (content,) = result.content
    return str(content.text)


def test_the_table_of_calls_is_answered_over_both_transports(use: Callable[..., Any]) -> None:
    """Each question finds what the sources say, in at most 8 kB, and nothing that they deny."""

    async def task(client: Client) -> list[Any]:
        return [await client.call_tool(item["tool"], item["arguments"]) for item in CALLS]

    assert len(CALLS) >= 12
    for item, result in zip(CALLS, use(task), strict=True):
        text = text_of(result)
        assert not result.is_error, (item["question"], text)
        assert len(text.encode()) <= 8000, item["question"]
        for words in item["holds"]:
            assert words in text, (item["question"], words, text)
        for words in item.get("lacks", []):
            assert words not in text, (item["question"], words)


def test_hostile_and_wrong_calls_are_refused_over_both_transports(use: Callable[..., Any]) -> None:
    """The error says what is wrong, and the server goes on to answer."""

    async def task(client: Client) -> list[Any]:
        found = [await client.call_tool(item["tool"], item["arguments"]) for item in REFUSED]
        return [*found, await client.call_tool("questions", {})]

    *refusals, last = use(task)
    for item, result in zip(REFUSED, refusals, strict=True):
        assert result.is_error, item
        assert item["says"] in text_of(result), (item, text_of(result))
    assert not last.is_error


def test_tools_resources_and_prompts_are_listed(use: Callable[..., Any]) -> None:
    """A client sees few tools, all of which only read, and the schema and things as resources."""

    async def task(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        resources = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        prompts = (await client.list_prompts()).prompts
        thing = await client.read_resource("forumgraph://thing/id:chile")
        prompt = await client.get_prompt("who_says", {"topic": "the founding"})
        return tools, resources, templates, prompts, thing, prompt

    tools, resources, templates, prompts, thing, prompt = use(task)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert all(tool.description.strip().endswith(".") for tool in tools)
    assert {str(item.uri) for item in resources} == {
        "forumgraph://schema",
        "forumgraph://questions",
    }
    assert [item.uri_template for item in templates] == ["forumgraph://thing/{thing}"]
    assert {item.name for item in prompts} == {"who_says", "check_sentence"}
    assert "wd:Q298" in thing.contents[0].text
    assert "the founding" in prompt.messages[0].content.text


@pytest.fixture
def client_of_tools(endpoint: str) -> Iterator[MCPServer[Any]]:
    """Yield the MCP server itself, for a client in the same process."""
    with closing(EndpointClient(endpoint)) as asked:
        yield make_server(asked)


def described(server: MCPServer[Any], max_bytes: int) -> Any:
    """Return what the tool says of the Forum, in at most some bytes."""

    async def main() -> Any:
        async with Client(server) as client:
            arguments = {"thing": "id:china-celac-forum", "max_bytes": max_bytes}
            return await client.call_tool("describe", arguments)

    return json.loads(text_of(run(main)))


def test_an_answer_says_what_it_leaves_out_and_a_larger_one_has_it(
    client_of_tools: MCPServer[Any],
) -> None:
    """A thing with hundreds of claims is cut to the size asked for, and counts the rest."""
    small, large = described(client_of_tools, 8_000), described(client_of_tools, 200_000)
    assert "left_out" not in large
    for name in ("facts", "only_claimed"):
        assert len(small[name]) + small["left_out"].get(name, 0) == len(large[name])


def test_an_attributed_claim_never_stands_among_the_facts(client_of_tools: MCPServer[Any]) -> None:
    """What only a speaker says of the Forum has the speaker's name and stands apart."""
    found = described(client_of_tools, 200_000)
    facts = {item["property"] for item in found["facts"]}
    assert "dfo:initiatedBy" not in facts
    assert all(item["said_by"] for item in found["only_claimed"])
    assert "dfo:initiatedBy" in {item["property"] for item in found["only_claimed"]}


def test_the_command_starts_a_server_of_its_own(tmp_path: Path) -> None:
    """Without an address it serves the files named, and its server ends with it."""
    file = tmp_path / "mine.ttl"
    file.write_text('<http://e/a> <http://www.w3.org/2000/01/rdf-schema#label> "A"@en .')
    arguments = ["-m", "sparql_endpoint", "mcp", "--data", str(file)]
    parameters = StdioServerParameters(command=sys.executable, args=arguments)

    async def main() -> Any:
        async with Client(stdio_client(parameters)) as client:
            return await client.call_tool("sparql", {"query": "SELECT ?s { ?s ?p ?o }"})

    assert '"rows":[["<http://e/a>"]]' in text_of(run(main))


def test_url_and_data_exclude_each_other() -> None:
    """The command line says which of the two to choose."""
    arguments = ["-m", "sparql_endpoint", "mcp", "--url", "http://e/", "--data", "x.ttl"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "forumgraph: --url asks a server, and --data files: choose one of them\n"


def test_a_server_that_does_not_answer_is_named() -> None:
    """The error says which address was asked."""
    with (
        closing(EndpointClient("http://127.0.0.1:1")) as client,
        pytest.raises(RemoteError, match=r"127\.0\.0\.1:1/ does not answer"),
    ):
        client.sparql("ASK {}")


@pytest.mark.parametrize("size", [500, 700, 900])
def test_bounds_hold_for_characters_of_several_bytes(size: int) -> None:
    """The bound is in bytes of UTF-8, and the count of what is left out is right."""
    items = [{"name": "中国—拉美和加勒比国家共同体论坛"} for _ in range(100)]
    text = bounded({"found": items}, size)
    found = json.loads(text)
    assert len(text.encode()) <= size
    assert len(found["found"]) + found["left_out"]["found"] == 100
    assert found["found"]
