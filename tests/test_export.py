"""The JSON shape is pinned; Markdown quotes are exact once rendered."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date

from markdown_it import MarkdownIt

from qa import export
from qa.records import Answer, Article, FollowUp, Hit, Listing, Passage, Reply, ResolvedTime, TimeCondition

ARTICLE = {
    "id": "a1",
    "title": "Shoigu in Pyongyang",
    "source": "CBS News",
    "url": "https://example.org/a?x=1&y=2",
    "authors": ["Ann Lee"],
    "tags": ["Russia", "North Korea"],
    "published": "2023-07-27T18:00:00+00:00",
    "zone_assumed": True,
    "approximate_to": "",
}
COPY = {
    "id": "a2",
    "title": "Shoigu visits",
    "source": "Reuters",
    "url": "",
    "authors": [],
    "tags": [],
    "published": None,
    "zone_assumed": False,
    "approximate_to": "",
}
PASSAGE = {
    "text": "Sergei Shoigu flew to Pyongyang on Tuesday.",
    "start": 0,
    "end": 43,
    "score": 0.75,
    "similarity": 0.5,
    "bm25": 12.25,
    "similarity_rank": None,
    "bm25_rank": None,
    "article": ARTICLE,
    "newer_version": None,
    "near_duplicates": [COPY],
}


def test_reply_has_this_shape(reply: Reply):
    assert export.reply_to_dict(reply) == {
        "question": "When did Shoigu visit North Korea?",
        "outcome": "answered",
        "found": True,
        "guess": None,
        "calibrated": True,
        "answers": [
            {
                "text": "25 to 27 July",
                "where": "text",
                "start": 61,
                "end": 74,
                "sentence": {
                    "text": 'He stayed from "25 to 27 July", the ministry said in a statement that was '
                    "published on its web site late on Thursday evening.",
                    "start": 45,
                    "end": 170,
                },
                "confidence": 0.83,
                "margin": 5.25,
                "null": None,
                "in_english": True,
                "article": ARTICLE,
                "support": [COPY],
                "sources": 1,
                "first": None,
                "last": None,
                "state": "current",
                "as_of": None,
                "times": [],
            }
        ],
        "best_rejected": None,
        "passages": [PASSAGE],
        "listing": None,
        "time": None,
        "follow_up": None,
        "timings": {"retrieve": 0.02, "read": 0.5},
        "passages_read": None,
        "unknown": [],
        "archive_ends": None,
    }


def test_reply_says_how_the_time_and_the_question_before_were_understood(reply: Reply):
    condition = TimeCondition(5, 16, "last month", date(2023, 7, 1), None, True, "July 2023")
    resolved = ResolvedTime(61, 74, date(2023, 7, 25), date(2023, 7, 27), "day", "25 to 27 July 2023")
    answer = replace(reply.answers[0], state="superseded", as_of=date(2023, 7, 27), times=(resolved,))
    follow_up = FollowUp("Who went?", ("Shoigu",), "When did Shoigu go?")
    shape = export.reply_to_dict(replace(reply, answers=(answer,), time=condition, follow_up=follow_up))
    assert shape["time"] == {
        "start": 5, "end": 16, "text": "last month", "first": "2023-07-01", "last": None, "hard": True,
        "words": "July 2023",
    }  # fmt: skip
    assert shape["follow_up"] == {
        "before": "Who went?",
        "added": ("Shoigu",),
        "question": "When did Shoigu go?",
    }
    assert (shape["answers"][0]["state"], shape["answers"][0]["as_of"]) == ("superseded", "2023-07-27")
    assert shape["answers"][0]["times"] == [
        {"text": "25 to 27 July", "start": 61, "end": 74, "first": "2023-07-25", "last": "2023-07-27",
         "unit": "day", "words": "25 to 27 July 2023"}
    ]  # fmt: skip


def test_reply_without_answer_keeps_evidence_and_best_guess(not_found: Reply):
    shape = export.reply_to_dict(not_found)
    assert (shape["found"], shape["answers"], shape["best_rejected"]["text"]) == (False, [], "missiles")
    assert [passage["text"] for passage in shape["passages"]] == [PASSAGE["text"]]


def test_confidence_of_an_uncalibrated_reader_is_null(reply: Reply):
    answer = replace(reply.answers[0], confidence=None)
    shape = export.reply_to_dict(replace(reply, answers=(answer,), calibrated=False))
    assert (shape["calibrated"], shape["answers"][0]["confidence"]) == (False, None)


def test_null_score_and_ranks_are_given_where_they_are_known(reply: Reply):
    answer, hit = replace(reply.answers[0], null=-1.5), replace(reply.hits[0], similarity_rank=3, bm25_rank=1)
    shape = export.reply_to_dict(replace(reply, answers=(answer,), hits=(hit,)))
    assert shape["answers"][0]["null"] == -1.5
    assert (shape["passages"][0]["similarity_rank"], shape["passages"][0]["bm25_rank"]) == (3, 1)


def test_hits_have_the_shape_of_passages(reply: Reply):
    assert export.hits_to_list(reply.hits) == [PASSAGE]


def test_json_keeps_other_scripts_readable(article: Article):
    reply = Reply("평양?", (), ())
    assert '"question": "평양?"' in export.reply_to_json(reply)
    assert json.loads(export.reply_to_json(reply))["question"] == "평양?"


def test_downloads_are_named_after_the_question(reply: Reply):
    named = [(file.label, file.name, file.mime) for file in export.downloads(reply)]
    assert named == [
        ("Download Markdown", "news-qa-when-did-shoigu-visit-north-korea.md", "text/markdown"),
        ("Download JSON", "news-qa-when-did-shoigu-visit-north-korea.json", "application/json"),
        ("Download CSV", "news-qa-when-did-shoigu-visit-north-korea.csv", "text/csv"),
    ]


def test_question_without_latin_letters_still_names_a_file():
    assert export.downloads(Reply("../평양?", (), ()))[0].name == "news-qa.md"


def test_markdown_quotes_the_answer_and_names_each_source_once(reply: Reply):
    assert export.reply_to_markdown(reply) == (
        "# When did Shoigu visit North Korea?\n\n"
        "## 25 to 27 July\n\n"
        '> He stayed from "25 to 27 July", the ministry said in a statement that was published on its '
        "web site late on Thursday evening.[^1]\n\n"
        "likely, 83 %; characters 61 to 74\n\n"
        "## Evidence\n\n"
        "> Sergei Shoigu flew to Pyongyang on Tuesday.[^1]\n\n"
        "[^1]: [Shoigu in Pyongyang](<https://example.org/a?x=1&y=2>), CBS News, 27 July 2023 (article a1)\n"
    )


def test_markdown_of_a_refusal_has_the_best_guess_and_labels_it(not_found: Reply):
    text = export.reply_to_markdown(not_found)
    assert text.startswith(
        "# Who won?\n\n**No answer that I am sure of.** The best guess:\n\n"
        "## missiles\n\n> He inspected missiles.[^1]\n\nunsure, 6 %; characters "
    )
    bare = export.reply_to_markdown(replace(not_found, guess=None))
    assert bare.startswith("# Who won?\n\n**Not found in this archive.**\n\n## Evidence\n\n")


def rendered(markdown: str) -> str:
    return re.sub(r"<[^>]+>", "", MarkdownIt().render(markdown))


def test_markdown_that_looks_like_markup_is_rendered_as_it_stands():
    text = "1. It cost $5 <b>or</b> *more*, [he](javascript:x) _said_ & `ls` ~~no~~ \\n | x."
    article = Article("a", "# T *x*", text, source="![s](x)", url="javascript:alert(1)")
    reply = Reply(
        "> why?", (Answer(article, 0, len(text), 0.5, 1.0),), (Hit(Passage(article, 0, 9), 1, 1, 1),)
    )
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = rendered(export.reply_to_markdown(reply))
    assert f"{escaped}[^1]" in shown
    assert "[^1]: # T *x*, ![s](x) (article a)" in shown
    assert "<a " not in MarkdownIt().render(export.reply_to_markdown(reply))


def test_markdown_shows_standing_agreement_and_resolved_times(reply: Reply):
    time = ResolvedTime(35, 42, date(2023, 7, 25), date(2023, 7, 25), "day", "Tuesday 25 July 2023")
    known = {"sources": 2, "first": date(2023, 7, 27), "last": date(2023, 8, 1), "times": (time,)}
    answer = replace(reply.answers[0], state="superseded", as_of=date(2023, 8, 1), **known)
    assert (
        "likely, 83 %; characters 61 to 74\n\n"
        "- Earlier answer, as of 1 August 2023\n"
        "- 2 sources agree, 27 July to 1 August 2023[^2]\n"
        "- “Tuesday” means Tuesday 25 July 2023\n\n"
    ) in export.reply_to_markdown(replace(reply, answers=(answer,)))


def test_a_resolved_time_that_looks_like_markup_is_rendered_as_it_stands():
    text = "It was [last](javascript:x) *May* <b>."
    article = Article("a", "A title", text)
    time = ResolvedTime(7, 37, date(2023, 5, 1), date(2023, 5, 31), "month", "May 2023")
    reply = Reply("Q", (Answer(article, 0, 2, 0.5, 1.0, times=(time,)),), ())
    markdown = export.reply_to_markdown(reply)
    assert "“[last](javascript:x) *May* &lt;b&gt;” means May 2023" in rendered(markdown)
    assert "<a " not in MarkdownIt().render(markdown) and "<em>" not in MarkdownIt().render(markdown)


def test_quote_over_paragraphs_stays_one_block_quote():
    article = Article("a", "T", "One\n\n- two", source="S")
    reply = Reply("Q", (), (Hit(Passage(article, 0, 10), 1, 1, 1),))
    assert "> One\n>\n> \\- two[^1]" in export.reply_to_markdown(reply)


def test_answer_in_the_title_says_so_in_every_file(reply: Reply):
    article = Article("t", "Volta Motors names Ida Renske", "The car maker said so.")
    titled = replace(reply, answers=(Answer(article, 19, 29, 0.8, 3.0, where="title"),))
    (shape,) = export.reply_to_dict(titled)["answers"]
    assert (shape["text"], shape["where"], shape["start"], shape["end"]) == ("Ida Renske", "title", 19, 29)
    assert shape["sentence"] == {"text": "Volta Motors names Ida Renske", "start": 0, "end": 29}
    assert "characters 19 to 29 of the title" in export.reply_to_markdown(titled)
    row = next(csv.DictReader(io.StringIO(export.reply_to_csv(titled).lstrip("\ufeff"))))
    assert (row["where"], row["sentence"]) == ("title", "Volta Motors names Ida Renske")


def test_listing_of_a_time_is_exported_in_every_form(reply: Reply):
    article = replace(reply.hits[0].passage.article, title="Visit *now*")
    listed = replace(reply, answers=(), hits=(), listing=Listing((article,), 7))
    found = export.reply_to_dict(listed)
    assert (found["outcome"], found["found"], found["listing"]["total"]) == ("listed", False, 7)
    assert [one["id"] for one in found["listing"]["articles"]] == [article.id]
    assert "7 articles, the newest 1 of them:\n\n- [Visit \\*now\\*" in export.reply_to_markdown(listed)
    (row,) = csv.DictReader(io.StringIO(export.reply_to_csv(listed).removeprefix("\ufeff")))
    assert (row["kind"], row["rank"], row["title"]) == ("listed", "1", "Visit *now*")
