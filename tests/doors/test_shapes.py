"""The description of the HTTP interface says what is sent, field by field, and its examples fit it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from qa.doors import bodies, shapes
from qa.doors.examples import ARTICLE, REPLY
from qa.doors.sent import overview_to_dict
from qa.export import found_to_dict, reply_to_dict
from qa.records import FollowUp, Hits, Reply, ResolvedTime, TimeCondition, UnknownName
from tests.doors.conftest import TOKEN


def assert_names_all(record: dict, shape: type[BaseModel]) -> None:
    """Check that every field of the record, at any depth, is one that the shape names."""
    told = shape.model_validate(record)
    stack: list[BaseModel] = [told]
    while stack:
        part = stack.pop()
        assert part.model_extra == {}, type(part).__name__
        for value in vars(part).values():
            stack += [
                one for one in (value if isinstance(value, list) else [value]) if isinstance(one, BaseModel)
            ]
    assert told.model_dump(mode="json") == record


def full(reply: Reply) -> Reply:
    """Return a reply in which no part is missing."""
    day = date(2023, 7, 25)
    times = (ResolvedTime(0, 6, day, day, "day", "Tuesday 25 July 2023"),)
    answer = replace(REPLY.answers[0], times=times, as_of=day, state="disputed")
    return replace(
        reply,
        answers=(answer, *reply.answers),
        guess=answer,
        best_rejected=answer,
        time=TimeCondition(0, 5, "today", day, None, True, "25 July 2023"),
        follow_up=FollowUp("Who?", ("Shoigu",), "Who Shoigu?"),
        unknown=(UnknownName("source", "Reutars", ("Reuters",)),),
        archive_ends=day,
        passages_read=4,
    )


def test_shape_of_a_reply_names_each_field_of_the_record(reply: Reply, not_found: Reply):
    for one in (REPLY, reply, not_found, full(reply)):
        assert_names_all(json.loads(json.dumps(reply_to_dict(one))), shapes.ReplyShape)


def test_shape_of_a_search_names_each_field_of_the_record(reply: Reply):
    found = Hits(reply.hits, (UnknownName("source", "Reutars", ("Reuters",)),))
    assert_names_all(json.loads(json.dumps(found_to_dict(found))), shapes.FoundShape)


def test_shape_of_an_archive_names_each_field_of_its_record(build_small, open_small, news):
    build_small(news)
    assert_names_all(overview_to_dict(open_small().overview()), shapes.OverviewShape)


def test_embedder_in_a_folder_is_reported_without_the_folder(build_small, open_small, news, tmp_path: Path):
    build_small(news)
    facts = open_small().overview()
    assert overview_to_dict(replace(facts, embedder=str(tmp_path)))["embedder"] == tmp_path.name
    assert overview_to_dict(replace(facts, embedder="/gone/model"))["embedder"] == "model"
    assert overview_to_dict(replace(facts, embedder="org/model"))["embedder"] == "org/model"


def test_example_is_an_exact_quote():
    (answer,) = REPLY.answers
    assert (answer.text, ARTICLE.text[answer.start : answer.end]) == ("Pyongyang", "Pyongyang")


def test_openapi_describes_every_route_and_its_examples_fit(serve):
    told = serve(token=TOKEN, writable=True).client.get("/openapi.json").json()
    routes = {(path, method) for path, methods in told["paths"].items() for method in methods}
    assert routes == {
        ("/ask", "post"),
        ("/search", "post"),
        ("/articles/{article_id}", "get"),
        ("/articles", "post"),
        ("/archive", "get"),
        ("/followed.atom", "get"),
        ("/health", "get"),
    }
    shown = {
        path: method["responses"]["200"]["content"]["application/json"].get("example")
        for path, methods in told["paths"].items()
        for method in methods.values()
        if path != "/followed.atom"
    }
    feed = told["paths"]["/followed.atom"]["get"]["responses"]["200"]
    assert set(feed["content"]) == {"application/atom+xml"}
    shapes.ReplyShape.model_validate(shown["/ask"])
    shapes.FoundShape.model_validate(shown["/search"])
    assert shown["/search"]["passages"] and "unknown" in shown["/search"]
    shapes.FullArticleShape.model_validate(shown["/articles/{article_id}"])
    ask = told["paths"]["/ask"]["post"]
    assert {"400", "401", "403", "408", "413", "415", "421", "422", "429", "503"} <= ask["responses"].keys()
    assert ask["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")
    assert ask["security"] == [{"HTTPBearer": []}]
    for name in ("Ask", "SearchFor", "NewArticle"):
        body = told["components"]["schemas"][name]
        example = {
            field: known["examples"][0] for field, known in body["properties"].items() if "examples" in known
        }
        getattr(bodies, name).model_validate(example)


def test_reading_server_describes_no_way_to_add(serve):
    client = serve().client
    assert "/articles" not in client.get("/openapi.json").json()["paths"]
    assert client.get("/docs").status_code == 404  # that page would load scripts from other sites
