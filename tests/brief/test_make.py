"""A small archive told as a brief: the right days, whole sentences of its articles, each with its source."""

from __future__ import annotations

import json
from datetime import date

import pytest

import qa
from qa.brief.export import brief_to_dict, brief_to_markdown
from qa.brief.make import make_brief
from qa.brief.records import Brief
from qa.errors import InputError
from qa.records import UnknownName
from qa.text.sentences import sentences

TOPIC = "Titan submersible"
LOST = "The Titan submersible lost contact with its ship on Sunday, 18 June 2023, the owner said."
FOUND = "Pieces of the Titan submersible were found on Thursday, 22 June 2023, near the wreck."
STORIES = [
    {
        "id": "lost",
        "title": "Titan submersible missing",
        "text": f"{LOST} Ships have looked for it since Monday, 19 June 2023, in vain.",
        "date": "2023-06-20",
        "source": "Meridian Wire",
        "tags": ["sea"],
    },
    {
        "id": "found",
        "title": "Titan submersible destroyed",
        "text": f"{FOUND} {LOST.replace('the owner said', 'its owner said')}",
        "date": "2023-06-23",
        "source": "Northern Ledger",
    },
    {
        "id": "inquiry",
        "title": "Inquiry into the Titan submersible",
        "text": "The inquiry into the Titan submersible opened in Boston on Monday, 16 September 2024.",
        "date": "2024-09-17",
        "source": "Lantern",
    },
    {
        "id": "storm",
        "title": "Storm in the south",
        "text": "A storm struck the southern coast on Wednesday, 21 June 2023, and many roads were closed.",
        "date": "2023-06-22",
        "source": "Lantern",
    },
]


@pytest.fixture
def archive(build_small, open_small) -> qa.Retriever:
    build_small(STORIES, passage_tokens=60)
    return open_small()


def told(brief: Brief) -> dict[str, list[str]]:
    return {str(day.day): [event.quote.text for event in day.events] for day in brief.days}


def test_a_brief_has_the_days_of_its_topic_in_order_and_nothing_else(archive: qa.Retriever):
    brief = make_brief(archive, TOPIC)
    assert list(told(brief)) == ["2023-06-18", "2023-06-22", "2024-09-16"]
    assert (brief.topic, brief.articles) == (TOPIC, 3)
    assert told(brief)["2023-06-22"] == [FOUND]
    first = brief.days[0]
    assert first.articles == 2
    (event,) = first.events  # the other article says nearly the same and is merged into this event
    assert event.sources == 2 and [quote.article.id for quote in event.agreeing] in (["found"], ["lost"])


def test_every_word_is_a_whole_sentence_of_an_article_of_the_archive(archive: qa.Retriever):
    quotes = [
        quote
        for day in make_brief(archive, TOPIC).days
        for event in day.events
        for quote in (event.quote, *event.agreeing)
    ]
    assert len(quotes) >= 4
    for quote in quotes:
        text = archive.article(quote.article.id).text
        assert (quote.start, quote.end) in sentences(text)
        assert text[quote.start : quote.end] == quote.text


def test_days_and_conditions_limit_the_brief(archive: qa.Retriever):
    assert list(told(make_brief(archive, TOPIC, since="2023-06-21", until="2023"))) == ["2023-06-22"]
    assert list(told(make_brief(archive, TOPIC, source="Meridian Wire"))) == ["2023-06-18"]
    assert list(told(make_brief(archive, TOPIC, tag="sea"))) == ["2023-06-18"]
    # Two articles write about this day.
    assert list(told(make_brief(archive, TOPIC, days=1))) == ["2023-06-18"]


def test_a_time_in_the_topic_bounds_it_as_a_condition_does(archive: qa.Retriever):
    brief = make_brief(archive, f"{TOPIC} since September 2024")
    assert list(told(brief)) == ["2024-09-16"]
    assert (brief.since, brief.until, brief.topic) == (
        date(2024, 9, 1),
        None,
        f"{TOPIC} since September 2024",
    )
    assert list(told(make_brief(archive, f"{TOPIC} since January", as_of="2024-12-01"))) == ["2024-09-16"]
    assert list(told(make_brief(archive, f"{TOPIC} since September 2024", until="2023"))) == [
        "2023-06-18",
        "2023-06-22",
    ]  # the conditions that are named hold


def test_a_topic_that_the_archive_lacks_gives_an_empty_brief(archive: qa.Retriever):
    nobody = UnknownName("source", "Nobody", (), ("Lantern", "Meridian Wire", "Northern Ledger"))
    assert make_brief(archive, TOPIC, source="Nobody") == Brief(TOPIC, (), 0, unknown=(nobody,))
    assert make_brief(archive, TOPIC, since="2030").days == ()


@pytest.mark.parametrize("topic", ["zxqwv", "Harry Potter film", "coffee prices", "volcano in Iceland"])
def test_a_topic_that_no_article_is_about_gives_no_days_of_other_topics(sample_index, topic: str):
    assert make_brief(qa.Retriever.open(sample_index), topic).days == ()


@pytest.mark.parametrize("topic", ["Vostochny", "Artemis I", "Brexit", "Kahramanmaras"])
def test_a_name_that_articles_have_is_a_topic(sample_index, topic: str):
    assert make_brief(qa.Retriever.open(sample_index), topic).days


@pytest.mark.parametrize("topic", ["", "???", "why " * 400])
def test_a_topic_that_cannot_be_searched_for_is_refused(archive: qa.Retriever, topic: str):
    with pytest.raises(InputError):
        make_brief(archive, topic)


@pytest.mark.parametrize("days", [0, 101])
def test_a_brief_has_a_number_of_days_that_can_be_read(archive: qa.Retriever, days: int):
    with pytest.raises(ValueError, match=f"days must be from 1 to 100, not {days}"):
        make_brief(archive, TOPIC, days=days)


def test_archive_gives_the_same_brief(archive: qa.Retriever, number_reader):
    news = qa.Archive(archive, number_reader, qa.AskSettings())
    assert news.brief(TOPIC, since="2023-06-21", days=1) == make_brief(
        archive, TOPIC, since="2023-06-21", days=1
    )


def test_json_and_markdown_hold_each_sentence_with_its_source(archive: qa.Retriever):
    brief = make_brief(archive, TOPIC, since="2023-06-21")
    data = json.loads(json.dumps(brief_to_dict(brief)))
    (event,) = data["days"][0]["events"]
    assert (data["since"], data["until"], data["days"][0]["day"]) == ("2023-06-21", None, "2023-06-22")
    assert (event["text"], event["article"]["source"], event["sources"]) == (FOUND, "Northern Ledger", 1)
    text = archive.article(event["article"]["id"]).text
    assert text[event["start"] : event["end"]] == FOUND
    assert data["unknown"] == []
    near = make_brief(archive, TOPIC, source=["Lantern", "Meridian Wires"])
    assert near.days and json.loads(json.dumps(brief_to_dict(near)))["unknown"] == [
        {
            "kind": "source",
            "name": "Meridian Wires",
            "nearest": ["Meridian Wire"],
            "commonest": [],
            "others": 0,
        }
    ]
    markdown = brief_to_markdown(brief)
    assert "## 22 June 2023\n\n> " + FOUND + "[^1]" in markdown
    assert "[^1]: Titan submersible destroyed, Northern Ledger, 23 June 2023 (article found)" in markdown
    assert "**Not found in this archive.**" in brief_to_markdown(Brief("x", (), 0))


# ---- the command ----


def test_command_prints_a_brief_of_the_sample(type_in, sample_index):
    code, out, err = type_in("brief", TOPIC, "--since", "2023-06", "--index", sample_index)
    assert code == 0, err
    assert out.index("18 June 2023") < out.index("22 June 2023")
    assert "lost contact with its support ship" in out and "https://harbour-post.example/" in out
    code, out, _ = type_in(
        "brief", TOPIC, "--since", "2023-06", "--days", 1, "--json", "--index", sample_index
    )
    assert (code, len(json.loads(out)["days"])) == (0, 1)
    code, out, _ = type_in("brief", TOPIC, "--markdown", "--index", sample_index)
    assert code == 0 and out.startswith(f"# {TOPIC}\n") and "[^1]: " in out


def test_command_says_that_nothing_was_found(type_in, sample_index):
    code, out, _ = type_in("brief", TOPIC, "--since", "2031", "--index", sample_index)
    assert code == 1 and "Not found in this archive." in out
    code, out, _ = type_in("brief", TOPIC, "--source", "Harbor Post", "--index", sample_index)
    assert code == 1 and "This archive has no source “Harbor Post”. Did you mean Harbour Post?" in out
    code, out, err = type_in("brief", TOPIC, "--tag", "NASAA", "--json", "--index", sample_index)
    assert code == 1 and json.loads(out)["days"] == []
    assert err == "This archive has no topic “NASAA”. Did you mean NASA?\n"
    code, _, err = type_in("brief", TOPIC, "--json", "--markdown", "--index", sample_index)
    assert code == 2 and "contradict" in err
