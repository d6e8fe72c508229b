"""What the cards say, and that hostile text cannot say more."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from qa.records import Answer, Article, BuildReport, Hit, Passage, Quote, Reply, Skipped
from qa.view import article_page, cards, layout


class Tags(HTMLParser):
    """The tags, attributes and text that a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_answer_card_marks_the_quote_inside_its_sentence(reply: Reply):
    html = cards.answer(reply.answers[0], reply)
    assert (
        '<blockquote class="qa-context" dir="auto">He stayed from &quot;<mark>25 to 27 July</mark>&quot;, '
        "the ministry said in a statement that was published on its web site late on Thursday evening."
        "</blockquote>"
    ) in html


def test_answer_card_tells_quote_confidence_origin_and_agreement(reply: Reply):
    assert Tags(cards.answer(reply.answers[0], reply)).text == (
        "25 to 27 July" "likely, 83 %"
        'He stayed from "25 to 27 July", the ministry said in a statement that was published on its web site '
        "late on Thursday evening."
        "Shoigu in Pyongyang" "CBS News" "27 July 2023" "by Ann Lee" "Original"
        "Same answer in 1 other article: Reuters" "Also in Reuters"
    )  # fmt: skip


def test_bar_is_as_long_as_the_confidence(reply: Reply):
    assert Tags(cards.answer(reply.answers[0], reply)).attributes["style"] == ["width:83%"]


def test_uncalibrated_confidence_is_called_so(reply: Reply):
    text = Tags(cards.answer(replace(reply.answers[0], confidence=None), reply)).text
    assert text.startswith("25 to 27 Julyuncalibratedmargin 5.2He stayed")


def test_link_to_the_original_opens_apart_and_tells_nothing(reply: Reply):
    assert (
        '<a href="https://example.org/a?x=1&amp;y=2" target="_blank" '
        'rel="noopener noreferrer nofollow">Original</a>'
    ) in cards.answer(reply.answers[0], reply)


def test_article_that_is_known_by_its_text_alone_has_a_card(reply: Reply):
    bare = Article("b", "", "Four words are enough.")
    card = cards.answer(Answer(bare, 0, 10, 0.5, 1.0), reply)
    assert Tags(card).text == "Four wordspossible, 50 %Four words are enough.Untitled article"


def test_evidence_shows_passage_scores_and_copies(reply: Reply):
    assert Tags(cards.evidence(reply.hits[0])).text == (
        "Shoigu in Pyongyang" "CBS News" "27 July 2023" "by Ann Lee" "Original"
        "Sergei Shoigu flew to Pyongyang on Tuesday."
        "Also in Reuters" "score 0.75, meaning 0.50, words 12.2"
    )  # fmt: skip


def test_not_found_is_told_plainly_with_the_best_guess_as_a_hint(not_found: Reply):
    assert Tags(cards.verdict(not_found)).text == (
        "Not found in this archive"
        "No article here answers this clearly enough. The closest passages are below."
        "The best guess was too unsure to be an answer (unsure, 6 %): “missiles”, in Shoigu in Pyongyang."
    )


def test_nothing_close_is_told_without_evidence():
    assert Tags(cards.verdict(Reply("Who?", (), ()))).text == (
        "Not found in this archive" "No article matches. Try other words, or fewer filters."
    )  # fmt: skip


def test_report_lists_every_skipped_input_by_its_file_name():
    skipped = (Skipped("/tmp/x/0/a.csv:3", "it has <no> text"), Skipped("https://e.org/f/", "gone"))
    html = cards.build_report(BuildReport(2, 4, 4, 2, 0, 0, 0, skipped, 1.0))
    assert "<li><strong><bdi dir=\"auto\">a.csv:3</bdi></strong> <bdi dir=\"auto\">it has &lt;no&gt; text</bdi></li>" in html  # fmt: skip  # noqa: E501
    assert "https://e.org/f/</bdi>" in html


def test_report_without_skipped_inputs_has_no_fold():
    assert "<details>" not in cards.build_report(BuildReport(2, 4, 4, 2, 0, 0, 0, (), 1.0))


@pytest.mark.parametrize(("theme", "scheme"), [("dark", "dark"), ("light", "light"), (None, "light dark")])
def test_style_sheet_follows_the_theme(theme: str | None, scheme: str):
    assert cards.head(theme).startswith(f"<style>:root {{ color-scheme: {scheme}; }}\n/*")


def test_sections_are_answers_closest_evidence_folded_rest_and_time(reply: Reply):
    many = replace(reply, hits=reply.hits * 5)
    sections = layout.sections(many)
    assert [[card.key for card in section.cards] for section in sections] == [
        ["answer-1"],
        ["passage-1", "passage-2", "passage-3"],
        ["passage-4", "passage-5"],
        [],
    ]
    assert [section.fold for section in sections] == ["", "", "Passages 4 to 5", ""]
    assert "Answered in 0.52 s: retrieve 0.02 s, read 0.50 s" in sections[-1].html


def test_cards_open_the_article_at_their_own_place(reply: Reply):
    answers, evidence, _ = layout.sections(reply)
    start = reply.answers[0].start
    assert (answers.cards[0].mark, answers.cards[0].passage) == ((start, start + 13), None)
    assert (evidence.cards[0].mark, evidence.cards[0].passage) == (None, (0, 43))


def test_article_page_marks_the_answer_in_the_whole_text(article: Article):
    html = article_page.article_page(article, mark=(15, 31))
    assert '<p dir="auto">Sergei Shoigu fl<mark>' not in html
    assert (
        '<p dir="auto">Sergei Shoigu f<mark>lew to Pyongyang</mark> on Tuesday.</p><p dir="auto">He' in html
    )
    assert html.count("<mark>") == 1


def test_article_page_sets_off_the_paragraphs_of_a_passage(article: Article):
    first, second = (article_page.article_page(article, passage=place) for place in ((0, 43), (45, 60)))
    assert '<p dir="auto" class="qa-here">Sergei' in first
    assert '<p dir="auto" class="qa-here">He stayed' in second
    assert (first.count("qa-here"), second.count("qa-here")) == (1, 1)


@pytest.mark.parametrize(
    ("known", "note"),
    [({"approximate_to": "month"}, "The article gave its age only; the date is right to about a month."),
     ({"zone_assumed": True}, "The article named no time zone; its date is read as UTC.")],
)  # fmt: skip
def test_article_page_tells_how_far_the_date_can_be_trusted(known: dict[str, object], note: str):
    article = Article("a", "T", "Text.", datetime(2023, 7, 27, tzinfo=UTC), **known)
    assert note in article_page.article_page(article)


HOSTILE = "</p></mark><script>alert(1)</script><img src=x onerror=alert(1)> \" ' $x$ :red[a] **b** \u202e"


def test_hostile_text_adds_no_tag_and_no_attribute_anywhere():
    def words(text: str) -> Reply:
        article = Article("a", text, text, datetime(2023, 1, 1, tzinfo=UTC), source=text, url=text,
                          authors=(text,), tags=(text,), approximate_to=text)  # fmt: skip
        answer = Answer(article, 0, len(text), 0.5, 1.0, agreeing=(Quote(article, 0, len(text)),))
        hit = Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0, copies=(article,))
        return Reply(text, (answer,), (hit,), best_rejected=answer)

    def pieces(reply: Reply) -> list[str]:
        answer = reply.answers[0]
        report = BuildReport(1, 1, 1, 1, 0, 0, 0, (Skipped(answer.text, answer.text),), 1.0)
        place = (answer.start, answer.end)
        return [
            cards.answer(answer, reply),
            cards.evidence(reply.hits[0]),
            cards.not_found(reply),
            cards.build_report(report),
            cards.heading(answer.text, answer.text),
            article_page.article_page(answer.article, place, place),
        ]

    for hostile, harmless in zip(pieces(words(HOSTILE)), pieces(words("harmless")), strict=True):
        assert Tags(hostile).names == Tags(harmless).names
        assert set(Tags(hostile).attributes) == set(Tags(harmless).attributes)
        assert "\u202e" not in hostile
    assert "<script>alert(1)</script>" in Tags(pieces(words(HOSTILE))[5]).text
