"""The HTTP interface over real sockets: what it gives, whom it refuses, what it bears."""

from __future__ import annotations

import json
import socket
import threading
from xml.etree import ElementTree as XML

import httpx
import pytest

import qa
from qa.doors import server
from qa.doors.access import Access
from qa.doors.guard import Guard
from qa.export import article_to_dict, found_to_dict, reply_to_dict
from qa.maintain.forget import forget
from qa.settings import DoorSettings
from tests.doors.conftest import QUESTION, TOKEN, Served, Slow, everything, problem, until


def timeless(reply: dict) -> dict:
    return {name: value for name, value in reply.items() if name != "timings"}


# ---- replies ----


def test_ask_gives_the_record_that_the_command_prints_as_json(serve, small: qa.Archive):
    got = serve().client.post("/ask", json={"question": QUESTION, "since": "2023"})
    assert got.status_code == 200
    expected = json.loads(json.dumps(reply_to_dict(small.ask(QUESTION, since="2023"))))
    assert timeless(got.json()) == timeless(expected)
    assert got.json()["answers"][0]["text"] == "3,400"


def test_ask_heeds_every_filter_the_day_and_the_question_before(serve, small: qa.Archive):
    filters = {"until": "2023", "source": ["CBS News", "Reuters"], "tag": "turkey", "as_of": "2023-02-07"}
    client = serve().client
    got = client.post("/ask", json={"question": QUESTION, **filters, "heed_time": False}).json()
    assert timeless(got) == timeless(
        json.loads(json.dumps(reply_to_dict(small.ask(QUESTION, **filters, heed_time=False))))
    )
    assert {p["article"]["id"] for p in got["passages"]} == {"quake", "ship"}
    before, after = "Who visited Pyongyang with Shoigu?", "And who did he meet there?"
    second = client.post("/ask", json={"question": after, "after": before}).json()
    told = json.loads(json.dumps(reply_to_dict(small.ask(after, after=small.ask(before)))["follow_up"]))
    assert second["follow_up"] == told and told["before"] == before


def test_unknown_source_is_a_reply_that_names_the_nearest(serve):
    got = serve().client.post("/ask", json={"question": QUESTION, "source": "Reutars"}).json()
    assert (got["outcome"], got["passages"]) == ("not found", [])
    assert got["unknown"][0]["nearest"][0].lower() == "reuters"


def test_search_gives_the_best_passages_alone(serve, small: qa.Archive):
    got = serve().client.post("/search", json={"question": QUESTION, "k": 2, "no_day": True})
    assert got.json() == json.loads(json.dumps(found_to_dict(small.search(QUESTION, 2, as_of=qa.NO_DAY))))
    assert (len(got.json()["passages"]), got.json()["unknown"]) == (2, [])


def test_search_names_an_unknown_source_or_tag_as_a_question_does(serve):
    client = serve().client
    for names in (
        {"source": "Reutars"},
        {"tag": ["zqxv"]},
        {"source": ["Reuters", "Reutars"], "tag": "egipt"},
    ):
        asked, found = (
            client.post(path, json={"question": QUESTION, **names}).json() for path in ("/ask", "/search")
        )
        assert found == {"passages": asked["passages"], "unknown": asked["unknown"]}
        assert found["unknown"] != []
    none = client.post("/search", json={"question": QUESTION, "source": "Reuters", "since": "2099"}).json()
    assert none == {"passages": [], "unknown": []}


def test_article_comes_with_its_text_under_any_id(serve, small: qa.Archive, build_small, news):
    news.append({"id": "a/b c#ü?%2F", "title": "Odd", "text": "A text of an odd id has 7 words."})
    build_small(news)
    small.refresh()
    client = serve().client
    quake = small.article("quake")
    assert client.get("/articles/quake").json() == {**article_to_dict(quake), "text": quake.text}
    odd = client.get("/articles/a%2Fb%20c%23%C3%BC%3F%252F")
    assert odd.json()["text"] == "A text of an odd id has 7 words."


def test_archive_describes_its_contents_without_a_path(serve, small: qa.Archive, tmp_path):
    got = serve().client.get("/archive")
    told = got.json()
    assert (told["articles"], told["first"], told["undated"]) == (4, "2021-03-29T00:00:00+00:00", 1)
    assert {"name": "CBS News", "articles": 1} in told["sources"]
    assert str(tmp_path) not in got.text and "index" not in told


def test_server_follows_an_index_that_another_process_builds(serve, news, build_small, small: qa.Archive):
    client = serve(DoorSettings(refresh_seconds=0)).client
    assert client.get("/articles/late").status_code == 404
    build_small([*news, {"id": "late", "title": "Late", "text": "It came late, with 9 others."}])
    assert client.get("/articles/late").json()["title"] == "Late"


def test_damaged_successor_of_the_index_leaves_the_old_one_answering(serve, news, build_small, tmp_path):
    client = serve(DoorSettings(refresh_seconds=0)).client
    manifest = tmp_path / "index" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_text("{broken")
    assert client.post("/ask", json={"question": QUESTION}).json()["answers"][0]["text"] == "3,400"
    manifest.write_bytes(whole)


# ---- adding ----


def test_added_article_is_found_and_nothing_that_was_there_is_lost(serve, small: qa.Archive, embedder):
    client = serve(token=TOKEN, writable=True).client
    embedder.embedded.clear()
    article = {"id": "dam", "title": "Dam breaks", "text": "The dam broke. Exactly 77 houses were lost."}
    got = client.post("/articles", json={"articles": [{**article, "published": "2024-05-01"}]})
    assert got.status_code == 200, got.text
    told = got.json()
    assert (told["added"], told["articles"], told["skipped"]) == (1, 5, [])
    reply = client.post("/ask", json={"question": "How many houses were lost, exactly?"}).json()
    assert reply["answers"][0]["text"] == "77"
    assert client.get("/articles/dam").json()["published"] == "2024-05-01T00:00:00+00:00"
    assert client.get("/articles/quake").status_code == 200
    # Embedded by the model that is already loaded.
    assert any("77 houses" in text for text in embedder.embedded)


def test_article_that_is_none_is_skipped_with_its_place_and_the_others_come_in(serve):
    client = serve(token=TOKEN, writable=True).client
    new = [{"text": "   "}, {"id": "new", "title": "New", "text": "A text with 12 things."}]
    told = client.post("/articles", json={"articles": new}).json()
    assert told["added"] == 1 and [one["article"] for one in told["skipped"]] == [1]
    assert problem(client.post("/articles", json={"articles": [{"text": " "}]}))[0] == 422


def test_forgotten_article_is_named_by_its_id_and_the_others_come_in(serve, small: qa.Archive):
    client = serve(token=TOKEN, writable=True).client
    dam = {"id": "dam:5", "text": "The dam broke. Exactly 77 houses were lost."}
    new = [dam, {"id": "new", "text": "A text with 12 things."}]
    assert client.post("/articles", json={"articles": new[:1]}).json()["added"] == 1
    forget(small.retriever.address, ids=["dam:5"])
    answer = client.post("/articles", json={"articles": new})
    assert answer.status_code == 200, answer.text
    assert answer.json()["skipped"] == [
        {"article": None, "why": "article dam:5: It was forgotten, and stays so."}
    ]
    assert answer.json()["added"] == 1
    status, line = problem(client.post("/articles", json={"articles": new[:1]}))
    assert (status, line) == (422, "all 1 articles of the input were forgotten, and stay so.")


def test_date_that_is_set_aside_is_reported_to_the_client_that_adds(serve):
    client = serve(token=TOKEN, writable=True).client
    new = {"title": "New", "text": "A text with 12 things.", "published": "TBD"}
    told = client.post("/articles", json={"articles": [new]}).json()
    assert told["skipped"] == []
    assert "1 date is set aside, the articles stay: 'TBD' is no date that can be read." in told["notes"]


# ---- what is followed ----


def test_what_changed_of_a_followed_question_is_an_atom_feed(serve, small: qa.Archive):
    served = serve(token=TOKEN, writable=True)
    assert problem(served.client.get("/followed.atom")) == (404, "No question is followed for this archive.")
    small.follow(QUESTION)
    assert small.ask_followed() == []
    told = "The toll rose. Exactly 3,900 people died, officials said."
    new = {"id": "toll", "title": "Toll", "text": told, "published": "2025-01-02", "source": "Reuters"}
    assert served.client.post("/articles", json={"articles": [new]}).status_code == 200
    until(lambda: small.retriever.holds("toll") and b"<entry>" in served.client.get("/followed.atom").content)
    feed = served.client.get("/followed.atom")
    assert feed.headers["content-type"] == "application/atom+xml; charset=utf-8"
    (entry,) = XML.fromstring(feed.content).iter("{http://www.w3.org/2005/Atom}entry")
    assert entry.findtext("{*}title") == f"{QUESTION} 3,400 → 3,900, Reuters, 2 January 2025"
    known = served.client.get("/followed.atom", headers={"If-None-Match": feed.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    with httpx.Client(base_url=served.client.base_url) as stranger:
        assert stranger.get("/followed.atom").status_code == 401


def test_followed_questions_that_cannot_be_read_are_the_servers_fault_and_stop_no_addition(
    serve, small: qa.Archive, tmp_path, caplog
):
    served = serve(token=TOKEN, writable=True)
    (tmp_path / "index" / "follow.json").write_text("{")
    status, line = problem(served.client.get("/followed.atom"))
    assert status == 503 and str(tmp_path) not in line
    body = {"articles": [{"id": "new", "text": "Some text of 12 words."}]}
    assert served.client.post("/articles", json=body).json()["added"] == 1
    until(lambda: "the followed questions were not asked" in caplog.text)


def test_nothing_can_be_added_unless_the_server_is_writable(serve):
    body = {"articles": [{"text": "Some text."}]}
    answer = serve().client.post("/articles", json=body)
    assert problem(answer)[0] == 404


def test_add_while_another_program_builds_is_refused_for_now(serve, tmp_path):
    from filelock import FileLock

    client = serve(token=TOKEN, writable=True).client
    (lock,) = (path for path in (tmp_path / "index").iterdir() if "lock" in path.name)
    with FileLock(lock):
        answer = client.post("/articles", json={"articles": [{"text": "Some text of 5 words."}]})
    assert problem(answer) == (503, "The archive is being written by another program. Try again soon.")
    assert answer.headers["retry-after"] == "10"


def test_articles_of_more_tokens_than_one_request_may_bring_are_refused_before_any_is_embedded(
    serve, small: qa.Archive, embedder
):
    client = serve(DoorSettings(add_tokens=30), token=TOKEN, writable=True).client
    embedder.embedded.clear()
    text = "word " * 16
    two = {"articles": [{"id": "one", "text": text}, {"id": "two", "text": f"{text} more"}]}
    status, line = problem(client.post("/articles", json=two))
    assert (status, line[:41]) == (422, "the articles have more than 30 tokens, as")
    assert [one for one in embedder.embedded if "word" in one] == []
    assert client.get("/archive").json()["articles"] == 4
    for article in two["articles"]:
        assert client.post("/articles", json={"articles": [article]}).json()["added"] == 1


# ---- bad input ----

MANY_NAMES = b"".join(b',"%06d": 1' % number for number in range(500_000))  # 6 MB
ASK = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("path", "body", "status", "line"),
    [
        ("/ask", b"", 422, "The body is empty; it must be a JSON object."),
        ("/ask", b"{", 400, "The body is not JSON: Expecting property name enclosed in double quotes"),
        ("/ask", b'{"question": "\xff"}', 400, "The body cannot be read as JSON."),
        ("/ask", b"[" * 60_000, 400, "The body cannot be read as JSON."),
        ("/ask", b"[]", 422, "The body: Input should be a valid dictionary"),
        ("/ask", b"null", 422, "The body: Input should be a valid dictionary"),
        ("/ask", b"{}", 422, "question: Field required."),
        ("/ask", b'{"question": ""}', 422, "the question is empty. Ask in words"),
        ("/ask", b'{"question": 5}', 422, "question: Input should be a valid string."),
        ("/ask", b'{"question": "\\ud800 \\ud800"}', 422, "the question is empty."),
        ("/ask", b'{"question": "Who?", "sauce": "x"}', 422, "sauce: there is no such field."),
        ("/ask", b'{"question": "Who?", "source": 1}', 422, "source: Input should be a valid string."),
        ("/ask", b'{"question": "Who?", "heed_time": "yes"}', 422, "heed_time: Input should be a valid bool"),
        ("/ask", b'{"question": "Who?", "since": "the day of the dog"}', 422, "'the day of the dog' is not"),
        ("/ask", b'{"question": "Who?", "since": "2024", "until": "2023"}', 422, "no day lies between"),
        ("/ask", b'{"question": "Who?", "as_of": "2024", "no_day": true}', 422, "as_of and no_day"),
        ("/ask", json.dumps({"question": "x" * 10_000}).encode(), 422, "the question has 10,000 characters"),
        ("/ask", json.dumps({"question": "Who?", "tag": ["x"] * 51}).encode(), 422, "tag: these are 51, at"),
        ("/ask", json.dumps({"question": "Who?", "since": "1" * 101}).encode(), 422, "since: String should"),
        ("/search", b'{"question": "Who?", "k": 0}', 422, "k: Input should be greater than or equal to 1."),
        ("/search", b'{"question": "Who?", "k": 101}', 422, "k is 101, at most 100 passages can be had."),
        ("/search", b'{"question": "Who?", "k": NaN}', 422, "k: Input should be a"),
        ("/search", b'{"question": "Who?", "k": 1e999}', 422, "k: Input should be a"),
        ("/articles", b'{"articles": []}', 422, "articles: List should have at least 1 item"),
        ("/articles", b'{"articles": [{"title": "x"}]}', 422, "articles.0.text: Field required."),
        ("/articles", b'{"articles": [' + b"1," * 4_000_000 + b"1]}", 422, "articles.0: Input should be"),
        ("/articles", json.dumps({"articles": [{"text": "a"}] * 500_000}).encode(), 422,
         "articles: these are 500,000, at most 1,000 can be taken at a time."),
        ("/articles", b'{"articles": [{"text": "a"' + MANY_NAMES + b"}]}", 422,
         "articles.0: it has more than 100 fields."),
        ("/ask", b'{"question": "Who?"' + MANY_NAMES[: 12 * 5000] + b"}", 422, "The body: it has more than"),
        ("/articles", json.dumps({"articles": [{"text": "&" * 1_000_001}]}).encode(), 422, "articles.0.text"),
        ("/nothing", b"{}", 404, "There is nothing at this address."),
        ("/archive", b"{}", 405, "This address does not take this method."),
        ("/ask?source=x", b'{"question": "Who?"}', 422, "The address takes no parameters."),
    ],
)  # fmt: skip
def test_bad_body_gets_its_status_and_one_line(serve, path: str, body: bytes, status: int, line: str):
    client = serve(token=TOKEN, writable=True).client
    got, told = problem(client.post(path, content=body, headers={"Content-Type": "application/json"}))
    assert (got, told[: len(line)]) == (status, line)
    assert client.post("/ask", json={"question": QUESTION}).status_code == 200  # nothing was lost


@pytest.mark.parametrize("path", ["/articles/nobody", "/articles/..%2f..%2fetc%2fpasswd", "/articles/%00"])
def test_missing_article_is_404(serve, path: str):
    assert problem(serve().client.get(path)) == (404, "The archive has no article of this id.")


def test_id_that_is_too_long_is_refused_by_its_name(serve):
    status, line = problem(serve().client.get(f"/articles/{'x' * 2000}"))
    assert (status, line) == (422, "article_id: String should have at most 1000 characters.")


def test_body_of_a_reply_does_not_wait_until_the_client_has_acknowledged_its_head():
    with server.bound("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_body_that_is_too_large_is_refused_and_the_client_hears_it(serve):
    client = serve(token=TOKEN, writable=True).client
    body = json.dumps({"question": "x" * 10_000_000})
    headers = {"Content-Type": "application/json"}
    assert problem(client.post("/ask", content=body, headers=headers)) == (
        413,
        "The body is larger than 64 kB.",
    )
    pieces = (b"x" * 65536 for _ in range(160))  # 10 MB without a Content-Length
    assert problem(client.post("/articles", content=pieces, headers=headers))[0] == 413
    assert client.post("/ask", json={"question": QUESTION}).status_code == 200


def test_body_far_above_the_limit_is_refused_before_it_is_read(serve):
    told = serve().raw(ASK + b"Content-Length: 99999999999\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 413 ") and b"\r\nconnection: close\r\n" in told.lower()


def test_body_must_be_said_to_be_json(serve):
    client = serve().client
    for headers in (
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {},
    ):
        answer = client.post("/ask", content=b'{"question": "Who?"}', headers=headers)
        assert problem(answer)[0] == 415


def test_broken_http_is_400(serve):
    assert serve().raw(b"NONSENSE\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_slow_bodies_and_slow_heads_are_given_up(serve):
    served = serve(DoorSettings(body_seconds=0.3, head_seconds=0.3))
    assert served.raw(ASK + b'Content-Length: 50\r\n\r\n{"ques').startswith(b"HTTP/1.1 408 ")
    assert served.raw(ASK) == b""  # a head without end: the connection is closed
    with served.connect() as connection:  # the same on a connection that was used before
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = b""
        while not told.endswith(b"}"):  # head and body may come in pieces
            told += connection.recv(9999)
        assert told.startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /hea")
        assert everything(connection) == b""
    assert served.client.get("/health").status_code == 200


def test_unexpected_error_is_500_without_its_message(serve, small: qa.Archive, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("/home/of/the/server")

    monkeypatch.setattr(small.reader, "read", broken)
    client = serve().client
    answer = client.post("/ask", json={"question": QUESTION})
    assert problem(answer) == (500, "An unforeseen fault. The server's own output says which.")
    assert "an unforeseen fault (ZeroDivisionError: /home/of/the/server)" in caplog.text


# ---- who may ask ----


def test_token_is_required_for_all_but_health(serve):
    served = serve(token=TOKEN, writable=True)
    with httpx.Client(base_url=served.client.base_url) as stranger:
        assert stranger.get("/health").json()["status"] == "ok"
        for path in ("/archive", "/articles/quake", "/openapi.json", "/nothing"):
            answer = stranger.get(path)
            assert problem(answer) == (401, "A token is wanted: Authorization: Bearer TOKEN.")
            assert answer.headers["www-authenticate"] == "Bearer"
        for sent in (
            f"Bearer {TOKEN}x",
            f"Bearer {TOKEN[:-1]}",
            "Bearer",
            f"Basic {TOKEN}",
            TOKEN,
            "Bearer ü",
        ):
            headers = {"Authorization": sent.encode("latin-1")}
            assert stranger.get("/archive", headers=headers).status_code == 401, sent
        body = {"articles": [{"text": "Some text."}]}
        assert stranger.post("/articles", json=body).status_code == 401
        assert stranger.get("/archive", headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.nip.io"]
)
def test_foreign_name_is_refused_as_dns_rebinding_uses_it(serve, host: str):
    answer = serve().client.get("/health", headers={"Host": host})
    assert problem(answer)[0] == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9999", "[::1]", "[::1]:80"])
def test_names_of_this_machine_are_let_in_under_any_port(serve, host: str):
    assert serve().client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1"]
)
def test_pages_of_other_sites_are_refused_and_none_is_let_in_by_cors(serve, origin: str):
    client = serve().client
    answer = client.post("/ask", json={"question": QUESTION}, headers={"Origin": origin})
    assert problem(answer)[0] == 403
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = client.options("/ask", headers=asked)
    assert preflight.status_code == 403
    for refused in (answer, preflight):
        assert [name for name in refused.headers if name.startswith("access-control-")] == []
    own = client.post(
        "/ask", json={"question": QUESTION}, headers={"Origin": str(client.base_url).rstrip("/")}
    )
    assert own.status_code == 200
    assert not [name for name in own.headers if name.startswith("access-control")]


# ---- load and limits ----


def waiting_ask(served: Served, question: str = QUESTION) -> threading.Thread:
    def ask() -> None:
        thread.answer = served.client.post("/ask", json={"question": question})

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_question_beyond_the_queue_is_429_with_retry_after_and_the_others_get_their_replies(
    serve, slow: Slow
):
    served = serve(DoorSettings(workers=1, waiting=1))
    first = waiting_ask(served)
    assert slow.began.acquire(timeout=20)
    second = waiting_ask(served)
    until(lambda: served.client.get("/health").json()["waiting"] == 2)
    answer = served.client.post("/ask", json={"question": QUESTION})
    assert problem(answer)[0] == 429 and int(answer.headers["retry-after"]) >= 1
    slow.go.set()
    for thread in (first, second):
        thread.join()
        assert thread.answer.json()["answers"][0]["text"] == "3,400"
    assert served.client.post("/ask", json={"question": QUESTION}).status_code == 200


def test_question_that_takes_too_long_is_503_and_keeps_its_place_until_it_ends(serve, slow: Slow):
    served = serve(DoorSettings(workers=1, waiting=1, ask_seconds=0.4, wait_seconds=0.4))
    answer = served.client.post("/ask", json={"question": QUESTION})
    assert problem(answer)[0] == 503 and answer.headers["retry-after"] == "1"
    # The thread still reads, so the next question waits in vain and never begins.
    assert served.client.get("/health").json()["waiting"] == 1
    late = served.client.post("/ask", json={"question": "How many ships were waiting in total?"})
    assert problem(late)[0] == 429
    slow.go.set()
    until(lambda: served.client.get("/health").json()["waiting"] == 0)
    assert served.client.post("/ask", json={"question": QUESTION}).status_code == 200
    assert slow.read_ == [QUESTION, QUESTION]


def test_closing_the_connection_cancels_a_question_that_waits(serve, slow: Slow):
    served = serve(DoorSettings(workers=1, waiting=4))
    first = waiting_ask(served)
    assert slow.began.acquire(timeout=20)
    body = b'{"question": "How many ships were waiting?"}'
    with served.connect() as connection:
        connection.sendall(ASK + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        until(lambda: served.desk.waiting == 2)
    until(lambda: served.desk.waiting == 1)
    slow.go.set()
    first.join()
    assert first.answer.status_code == 200
    assert slow.read_ == [QUESTION]


def test_closing_the_connection_stops_a_question_before_it_is_read(serve, small: qa.Archive, slow: Slow):
    served = serve()
    find, found, go = small.retriever.find, threading.Event(), threading.Event()

    def finding(*asked):
        found.set()
        assert go.wait(20)
        return find(*asked)

    small.retriever.find = finding
    body = json.dumps({"question": QUESTION}).encode()
    with served.connect() as connection:
        connection.sendall(ASK + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert found.wait(20)
    until(lambda: any(ticket._left.is_set() for ticket in served.desk._archive._pool._running))
    go.set()
    until(lambda: served.desk.waiting == 0)
    assert slow.read_ == []


def test_client_that_does_not_read_its_reply_does_not_keep_a_connection_for_ever(run_server):
    ended = threading.Event()

    async def endless(scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            for what in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{what}.complete"})
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        finally:
            ended.set()

    limits = DoorSettings(send_seconds=0.3)
    port = run_server(Guard(endless, Access(), limits), limits)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert ended.wait(20)  # though the client neither reads nor closes
