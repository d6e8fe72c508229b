"""The MCP server, asked by the SDK's own client: in this process, over HTTP, and over standard input."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

import qa
from qa.cli.mcp import mcp
from qa.doors.access import Access
from qa.doors.desk import Desk
from qa.doors.guard import Guard
from qa.doors.lines import TOO_LONG, BoundedLines
from qa.doors.mcp_server import PATH, mcp_app, mcp_server
from qa.settings import DoorSettings
from tests.doors.conftest import QUESTION, TOKEN, Slow, until

ROOT = Path(__file__).resolve().parents[2]


def asking(archive: qa.Archive, limits: DoorSettings | None = None):
    """Runs a coroutine function with a client of a server in this process."""

    def run(asks) -> object:
        async def main() -> object:
            async with Desk(archive, limits) as desk, Client(mcp_server(desk)) as client:
                return await asks(client)

        return asyncio.run(main())

    return run


def call(archive: qa.Archive, tool: str, limits: DoorSettings | None = None, **arguments: object):
    return asking(archive, limits)(lambda client: client.call_tool(tool, arguments))


def line_of(result) -> str:
    """Return the one line of a call that was refused."""
    assert result.is_error
    (content,) = result.content
    assert "\n" not in content.text
    return content.text


def test_client_sees_tools_that_only_read_with_their_arguments_described(small: qa.Archive):
    tools = {tool.name: tool for tool in asking(small)(lambda client: client.list_tools()).tools}
    assert tools.keys() == {"ask_archive", "search_archive", "brief", "read_article", "archive_overview"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint and tool.description and tool.output_schema
        for name, argument in tool.input_schema["properties"].items():
            assert argument["description"], f"{tool.name}: {name}"
    assert tools["brief"].input_schema["required"] == ["topic"]
    assert tools["ask_archive"].input_schema["required"] == ["question"]


def test_answer_carries_all_that_is_needed_to_cite_and_to_check_it(small: qa.Archive):
    result = call(small, "ask_archive", question=QUESTION, since="2023", sources=["Reuters"])
    told = result.structured_content
    assert json.loads(result.content[0].text) == told  # for clients that read only the text
    assert (told["outcome"], told["summary"]) == ("answered", "Answered by a quote.")
    (answer,) = told["answers"]
    text = small.article("quake").text
    assert answer["quote"] == text[answer["start"] : answer["end"]] == "3,400"
    assert answer["sentence"] == "At least 3,400 people died, officials said."
    assert answer["source"] == {
        "article_id": "quake",
        "title": "Earthquake strikes Turkey",
        "source": "Reuters",
        "published": "2023-02-06T00:00:00+00:00",
        "date": "6 February 2023",
        "url": "",
    }
    assert (answer["confidence"], answer["where"], answer["standing"]) == (None, "text", "")
    assert answer["sureness"].startswith("uncalibrated, margin ")
    assert (told["passages"], told["not_found"]) == ([], [])


def test_what_was_not_found_is_said_in_plain_words(small: qa.Archive):
    told = call(small, "ask_archive", question="Who won the yacht race?").structured_content
    assert (told["outcome"], told["answers"]) == ("not found", [])
    assert told["not_found"] == ["An answer to “Who won the yacht race?”."]
    assert len(told["passages"]) == 3
    named = call(small, "search_archive", question=QUESTION, sources=["Reutars"]).structured_content
    assert named["passages"] == []
    assert named["not_found"][0].startswith("This archive has no source “Reutars”. Did you mean ")


def test_search_and_reading_on_give_the_very_words(small: qa.Archive):
    told = call(small, "search_archive", question=QUESTION, many=2).structured_content
    assert len(told["passages"]) == 2
    best = told["passages"][0]
    assert best["source"]["article_id"] == "quake"
    text = small.article("quake").text
    assert text[best["start"] : best["end"]] == best["text"]
    read = call(small, "read_article", article_id="quake", start=2, characters=10).structured_content
    assert (read["text"], read["start"], read["end"], read["characters"]) == (text[2:12], 2, 12, len(text))
    rest = call(small, "read_article", article_id="quake", start=10**9).structured_content
    assert (rest["text"], rest["start"]) == ("", len(text))


def test_brief_gives_the_days_in_sentences_that_can_be_checked(small: qa.Archive):
    told = call(small, "brief", topic="earthquake in Turkey", days=3).structured_content
    expected = small.brief("earthquake in Turkey", days=3)
    assert expected.days and [day["day"] for day in told["days"]] == [str(day.day) for day in expected.days]
    for sentence in (one for day in told["days"] for one in day["sentences"]):
        text = small.article(sentence["source"]["article_id"]).text
        assert text[sentence["start"] : sentence["end"]] == sentence["text"] != ""
    assert told["not_found"] == []
    none = call(small, "brief", topic="yacht race in Monaco", since="2030").structured_content
    assert (none["days"], none["not_found"]) == ([], ["Anything on “yacht race in Monaco”."])
    unknown = call(small, "brief", topic="earthquake", sources=["Reutars"]).structured_content
    assert unknown["not_found"][0].startswith("This archive has no source “Reutars”.")
    for tool, words in (
        ("brief", {"topic": "earthquake in Turkey"}),
        ("search_archive", {"question": QUESTION}),
    ):
        told = call(small, tool, sources=["Reuters", "Reutars"], **words).structured_content
        assert told["not_found"] == ["This archive has no source “Reutars”. Did you mean Reuters?"]
    assert line_of(call(small, "brief", topic="?")).removeprefix("Error executing tool brief: ")[:4] == "the "


def test_overview_says_what_can_be_asked_for_and_no_path(small: qa.Archive, tmp_path: Path):
    result = call(small, "archive_overview")
    told = result.structured_content
    assert (told["articles"], told["first"], told["last"], told["undated"]) == (
        4,
        "2021-03-29",
        "2023-07-25",
        1,
    )
    assert told["sources"]["CBS News"] == 1 and told["all_tags"] == len(told["tags"])
    assert str(tmp_path) not in result.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("ask_archive", {}, "question: Field required."),
        ("ask_archive", {"question": ""}, "the question is empty. Ask in words"),
        ("ask_archive", {"question": 5}, "question: Input should be a valid string."),
        ("ask_archive", {"question": "x" * 10_000}, "the question has 10,000 characters"),
        ("ask_archive", {"question": "Who?", "sauce": "x"}, "ask_archive has no argument 'sauce'; it takes:"),
        ("ask_archive", {"question": "Who?", "since": "the day of the dog"}, "'the day of the dog' is not"),
        ("ask_archive", {"question": "Who?", "sources": {"a": 1}}, "sources: Input should be a valid list."),
        ("ask_archive", {"question": "Who?", "since": "1" * 101}, "since: String should have at most"),
        ("search_archive", {"question": "Who?", "many": 21}, "many: Input should be less than or equal"),
        ("read_article", {"article_id": "nobody"}, "The archive has no article 'nobody'."),
        ("read_article", {"article_id": "../../etc/passwd"}, "The archive has no article '../../"),
        ("read_article", {"article_id": "quake", "start": -1}, "start: Input should be greater than"),
    ],
)  # fmt: skip
def test_bad_call_gets_one_line(small: qa.Archive, tool: str, arguments: dict, line: str):
    told = line_of(call(small, tool, **arguments)).removeprefix(f"Error executing tool {tool}: ")
    assert told[: len(line)] == line


def test_articles_are_resources_under_any_id(small: qa.Archive, build_small, news):
    news.append({"id": "../b #ü", "title": "Odd", "text": "A text of an odd id has 7 words."})
    build_small(news)
    small.refresh()

    async def asks(client: Client):
        templates = (await client.list_resource_templates()).resource_templates
        assert [one.uri_template for one in templates] == ["news://articles/{article_id}"]
        plain = await client.read_resource("news://articles/quake")
        odd = await client.read_resource("news://articles/..%2Fb%20%23%C3%BC")
        with pytest.raises(MCPError, match="The archive has no article 'nobody'"):
            await client.read_resource("news://articles/nobody")
        return plain.contents[0].text, odd.contents[0].text

    plain, odd = asking(small)(asks)
    assert (plain, odd) == (small.article("quake").text, "A text of an odd id has 7 words.")


def test_unexpected_error_is_one_line_without_its_message(small: qa.Archive, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("/home/of/the/server")

    monkeypatch.setattr(small.reader, "read", broken)
    line = line_of(call(small, "ask_archive", question=QUESTION))
    assert line == "An unforeseen fault. The server's own output says which."
    assert "ask_archive: an unforeseen fault (ZeroDivisionError: /home/of/the/server)" in caplog.text


def test_call_beyond_the_queue_is_refused_with_the_time_to_ask_again(small: qa.Archive, slow: Slow):
    async def asks(client: Client):
        first = asyncio.create_task(client.call_tool("ask_archive", {"question": QUESTION}))
        async with asyncio.timeout(20):
            while not slow.read_:
                await asyncio.sleep(0.001)
        refused = await client.call_tool("ask_archive", {"question": QUESTION})
        slow.go.set()
        return await first, refused

    first, refused = asking(small, DoorSettings(workers=1, waiting=0))(asks)
    assert first.structured_content["answers"][0]["quote"] == "3,400"
    assert line_of(refused).endswith("Ask again in 1 s.")


# ---- over both transports ----


@pytest.fixture
def served(small: qa.Archive, run_server) -> int:
    """Serve by HTTP with a token, and return the port."""
    limits = DoorSettings()
    desk = Desk(small, limits)
    return run_server(Guard(mcp_app(mcp_server(desk), desk), Access(token=TOKEN), limits), limits)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_both_generations_of_clients_are_answered_over_http(served: int, mode: str):
    async def main() -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"http://127.0.0.1:{served}{PATH}", http_client=http)
            async with Client(transport, mode=mode) as client:
                assert len((await client.list_tools()).tools) == 5
                many = await asyncio.gather(
                    *(client.call_tool("ask_archive", {"question": QUESTION}) for _ in range(8))
                )
                assert {one.structured_content["answers"][0]["quote"] for one in many} == {"3,400"}
                assert (
                    (await client.read_resource("news://articles/ship"))
                    .contents[0]
                    .text.startswith("Salvage")
                )

    asyncio.run(main())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}, 421),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "https://evil.example"}, 403),
    ],
)
def test_who_may_not_ask_over_http_is_refused(served: int, headers: dict[str, str], status: int):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = httpx2.post(f"http://127.0.0.1:{served}{PATH}", json=body, headers=headers)
    assert answer.status_code == status


@pytest.fixture
def started(small: qa.Archive, run_server, tmp_path: Path, monkeypatch) -> int:
    """Run what the command ``mcp --http`` serves, with its own desk and its own guard; give its port."""
    token = tmp_path / "token"
    token.write_text(TOKEN)
    serving: dict[str, object] = {}
    monkeypatch.setattr("qa.cli.mcp.run", lambda *given: serving.update(guarded=given[5], limits=given[2]))
    mcp(http=True, token_file=token)
    limits = serving["limits"]
    return run_server(serving["guarded"](Desk(small, limits)), limits)


def test_command_puts_the_guard_before_its_http(started: int):
    address, headers = f"http://127.0.0.1:{started}{PATH}", {"Authorization": f"Bearer {TOKEN}"}
    accepts = {"Accept": "application/json, text/event-stream"}

    def status(body: dict[str, object], **given: str) -> int:
        return httpx2.post(address, json=body, headers=accepts | given, timeout=20).status_code

    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    large = asked | {"params": {"x": "y" * 100_000}}
    assert status(asked, **headers) == 200
    assert status(asked) == 401
    assert status(asked, **headers, Host="evil.example") == 421
    assert status(asked, **headers, Origin="https://evil.example") == 403
    assert status(large, **headers) == 413


def test_closing_the_connection_cancels_a_call_that_waits(small: qa.Archive, slow: Slow, run_server):
    limits = DoorSettings(workers=1, waiting=4)
    desk = Desk(small, limits)
    port = run_server(Guard(mcp_app(mcp_server(desk), desk), Access(), limits), limits)
    call = {"name": "ask_archive", "arguments": {"question": QUESTION}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode()
    head = "\r\n".join(
        [
            f"POST {PATH} HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            f"Content-Length: {len(body)}",
        ]
    )
    with socket.create_connection(("127.0.0.1", port)) as first:
        first.sendall(head.encode() + b"\r\n\r\n" + body)
        assert slow.began.acquire(timeout=20)
        with socket.create_connection(("127.0.0.1", port)) as second:
            second.sendall(head.encode() + b"\r\n\r\n" + body)
            until(lambda: desk.waiting == 2)
        until(lambda: desk.waiting == 1)
        slow.go.set()
        assert first.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert slow.read_ == [QUESTION]


def test_bodies_over_http_are_bounded_and_broken_ones_are_refused(served: int):
    address, headers = f"http://127.0.0.1:{served}{PATH}", {"Authorization": f"Bearer {TOKEN}"}
    assert httpx2.post(address, json={"x": "y" * 100_000}, headers=headers).status_code == 413
    json_too = headers | {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert httpx2.post(address, content=b"{broken", headers=json_too).status_code == 400


def test_assistant_that_starts_the_command_is_answered_over_standard_input(sample_index: Path):
    async def main() -> None:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "qa", "mcp", "--index", str(sample_index)],
            cwd=str(ROOT),
            env=dict(os.environ),
        )
        async with Client(command) as client:
            asked = {"question": "Which canal did the Ever Given block?"}
            told = (await client.call_tool("ask_archive", asked)).structured_content
            assert told["answers"][0]["quote"] == "Suez Canal"
            assert 0.5 < told["answers"][0]["confidence"] < 1
            read = await client.call_tool(
                "read_article", {"article_id": told["answers"][0]["source"]["article_id"]}
            )
            answer = told["answers"][0]
            field = (
                read.structured_content["text"] if answer["where"] == "text" else answer["source"]["title"]
            )
            assert field[answer["start"] : answer["end"]] == "Suez Canal"

    asyncio.run(main())


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}


def test_lines_over_standard_input_are_bounded_and_broken_ones_are_answered(sample_index: Path):
    def message(number: int, question: str) -> dict[str, object]:
        call = {"name": "search_archive", "arguments": {"question": question, "many": 1}}
        return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}

    sent = [
        json.dumps(INITIALIZE).encode(),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        b"{broken",
        b"",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"jsonrpc": "2.0"}',
        b'{"x": ' * 200_000,  # 1.2 MB
        json.dumps(message(2, "x" * 1_100_000)).encode(),
        json.dumps(message(3, "x" * 1_000_000)).encode(),  # within the size limit, but no valid question
        json.dumps(message(4, "Which canal was blocked?")).encode(),
    ]
    told: list[dict] = []
    command = [sys.executable, "-m", "qa", "mcp", "--index", str(sample_index)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT) as server:
        server.stdin.write(b"\n".join(sent) + b"\n")
        server.stdin.flush()
        while {one["id"] for one in told if "result" in one} != {1, 3, 4}:
            told.append(json.loads(server.stdout.readline()))
        server.stdin.close()
        assert b"Traceback" not in server.stderr.read()
    lines = [one["error"]["message"] for one in told if "error" in one]
    codes = [one["error"]["code"] for one in told if "error" in one and one["id"] is None]
    assert codes == [-32700, -32700, -32700, -32700, -32600, -32700, -32700]
    no_json, no_message = "The message is no JSON.", "The message is no JSON-RPC."
    too_large = "The message is larger than 1,048,576 bytes."
    assert lines == [no_json, no_json, no_json, no_json, no_message, too_large, too_large]
    replies = {one["id"]: one["result"] for one in told if "result" in one}
    assert "the question has 1,000,000 characters" in replies[3]["content"][0]["text"]
    assert len(replies[4]["structuredContent"]["passages"]) == 1


@given(
    st.lists(st.sampled_from([b"a", "é".encode(), b"\xff", b"\n", b"\r", b" "]), max_size=40).map(b"".join),
    st.integers(1, 12),
)
def test_lines_come_as_the_stream_has_them_and_long_ones_are_dropped_whole(data: bytes, most: int):
    lines = BoundedLines(io.BytesIO(data), most)
    got = list(iter(lines.readline, ""))
    expected = [
        line.decode("utf-8", "replace") if len(line) <= most else f"{TOO_LONG}\n" for line in io.BytesIO(data)
    ]
    assert got == expected


def test_a_long_line_takes_no_more_memory_than_the_bound():
    class Watched(io.BytesIO):
        largest = 0

        def readline(self, size: int = -1) -> bytes:
            line = super().readline(size)
            Watched.largest = max(Watched.largest, len(line), size)
            return line

    lines = BoundedLines(Watched(b"x" * 1_000_000 + b"\nnext\n"), 1000)
    assert (lines.readline(), lines.readline(), lines.readline()) == (f"{TOO_LONG}\n", "next\n", "")
    assert Watched.largest == 1001


def test_options_of_http_are_refused_without_the_http_option(type_in):
    code, _, err = type_in("mcp", "--allow-host", "news.example")
    assert code == 2 and err.endswith("belong to a server by HTTP. Add --http.\n")
