"""What the cards say, and that hostile text cannot say more."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from qa.page.html import article_page, browsing, cards, layout
from qa.page.html.layout import ArticleView
from qa.records import Answer, Article, Hit, Listing, Neighbour, Passage, Quote, Reply, ResolvedTime
from qa.reports import BuildReport, Note, Preview, Skipped
from qa.retrieve.excerpt import Excerpt

EXCERPT = Excerpt(((0, 6),), ())


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
    html = cards.answer_card(reply.answers[0], reply)
    assert (
        '<blockquote class="qa-context" dir="auto">He stayed from &#34;<mark>25 to 27 July</mark>&#34;, '
        "the ministry said in a statement that was published on its web site late on Thursday evening."
        "</blockquote>"
    ) in html


def test_answer_card_shows_quote_confidence_origin_and_agreement(reply: Reply):
    assert Tags(cards.answer_card(reply.answers[0], reply)).text == (
        "25 to 27 July" "likely, 83 %"
        'He stayed from "25 to 27 July", the ministry said in a statement that was published on its web site '
        "late on Thursday evening."
        "Shoigu in Pyongyang" "CBS News" "27 July 2023" "by Ann Lee" "Original"
        "Same answer in 1 other article“25 to 27 July” · Reuters" "Also in: Reuters"
        "Copy quote" "with its source, or as" "Markdown" "BibTeX" "CSL-JSON"
    )  # fmt: skip


def test_bar_is_as_long_as_the_confidence(reply: Reply):
    assert Tags(cards.answer_card(reply.answers[0], reply)).attributes["style"] == ["width:83%"]


def test_uncalibrated_confidence_is_labelled(reply: Reply):
    text = Tags(cards.answer_card(replace(reply.answers[0], confidence=None), reply)).text
    assert text.startswith("25 to 27 Julyuncalibratedmargin 5.2He stayed")


def test_copying_button_holds_the_quote_with_its_source(reply: Reply):
    plain, *_ = Tags(cards.answer_card(reply.answers[0], reply)).attributes["data-qa-copy"]
    assert plain.startswith('“He stayed from "25 to 27 July", the ministry said')
    assert plain.endswith(
        "(Ann Lee, Shoigu in Pyongyang, CBS News, 27 July 2023, https://example.org/a?x=1&y=2)"
    )


def test_link_to_the_original_opens_a_new_tab_and_sends_no_referrer(reply: Reply):
    assert (
        '<a href="https://example.org/a?x=1&amp;y=2" target="_blank" '
        'rel="noopener noreferrer nofollow">Original</a>'
    ) in cards.answer_card(reply.answers[0], reply)


def test_article_that_is_known_by_its_text_alone_has_a_card(reply: Reply):
    bare = Article("b", "", "Four words are enough.")
    card = cards.answer_card(Answer(bare, 0, 10, 0.5, 1.0), reply)
    assert Tags(card).text.startswith(
        "Four wordspossible, 50 %Four words are enough.Untitled articleCopy quote"
    )


def test_evidence_shows_its_sentence_and_copies_and_no_scores(reply: Reply):
    card = layout.evidence(reply)[0].cards[0]
    assert Tags(card.html).text == (
        "Shoigu in Pyongyang" "CBS News" "27 July 2023" "by Ann Lee" "Original"
        "Sergei Shoigu flew to Pyongyang on Tuesday."
        "Also in: Reuters"
    )  # fmt: skip
    assert '<mark class="qa-word">Shoigu</mark> flew' in card.html


def test_scores_are_a_table_for_who_wants_to_know_why(reply: Reply):
    assert Tags(cards.scores(reply)).text == (
        "PassageScoreMeaningWords" "1. Shoigu in Pyongyang" "0.75" "0.50" "12.2"
    )  # fmt: skip


def test_refusal_is_said_plainly_and_the_guess_is_called_unsure(not_found: Reply):
    (section,) = layout.answered(not_found)
    assert Tags(section.html).text == (
        "No answer that I am sure of"
        "The best guess and the passages closest to the question are below. Check them."
    )
    (guess,) = section.cards
    assert Tags(guess.html).text.startswith("Best guessmissilesunsure, 6 %")
    assert "He inspected <mark>missiles</mark>." in guess.html
    assert guess.view.focus == (not_found.best_rejected.start, not_found.best_rejected.end)


def test_refusal_without_a_guess_points_at_the_passages(not_found: Reply):
    (section,) = layout.answered(replace(not_found, best_rejected=None, guess=None))
    assert Tags(section.html).text == (
        "Not found in this archive" "The passages closest to the question are below."
    )  # fmt: skip
    assert section.cards == ()


def test_passages_are_called_evidence_only_of_an_answer_or_a_guess(reply: Reply, not_found: Reply):
    bare = replace(not_found, best_rejected=None, guess=None)
    titles = [Tags(layout.evidence(one)[0].html).text for one in (reply, not_found, bare)]
    evidence = "EvidenceThe passages closest to the question, best first."
    assert titles == [evidence, evidence, "Closest passagesClosest first."]


def test_passages_behind_a_fold_have_no_second_title(reply: Reply):
    shown, rest = layout.evidence(replace(reply, hits=reply.hits * 5))
    assert (len(shown.cards), rest.html, rest.fold) == (3, "", "Passages 4 to 5")


def test_nearly_the_same_of_the_own_source_is_called_so(reply: Reply, article: Article):
    (one, *_) = reply.hits
    corrected, copy = (replace(article, id=name, source=name) for name in ("CBS News", "Reuters"))
    html = cards.evidence_card(replace(one, near_duplicates=(corrected, copy)), EXCERPT, ())
    assert Tags(html).text.endswith("Also in: another article of this source, Reuters")


def test_article_found_by_its_title_alone_is_shown_from_its_beginning(article: Article):
    second = article.text.index("He stayed")
    place = (second, second + 9)
    assert browsing.found_row(article, Excerpt((place,), ())) == browsing.row(article)
    found = browsing.found_row(article, Excerpt((place,), (place,)))
    assert '<p class="qa-lead" dir="auto"><mark class="qa-word">He stayed</mark></p>' in found


def test_nothing_close_is_said_without_evidence():
    (section,) = layout.answered(Reply("Who?", (), ()))
    assert Tags(section.html).text == (
        "Not found in this archive" "No article matches. Try other words, or fewer filters."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "state", "is_clear"),
    [
        (0.9, 0.5, "current", True),
        (0.7, 0.5, "current", False),
        (0.3, 0.1, "current", False),  # the first answer is too unsure itself
        (0.9, 0.8, "superseded", True),  # a superseded answer is no rival
        (0.9, 0.2, "disputed", False),
    ],
)
def test_first_answer_is_clear_if_no_other_comes_near(reply: Reply, first, second, state, is_clear: bool):
    answer = reply.answers[0]
    answers = (replace(answer, confidence=first), replace(answer, confidence=second, state=state))
    assert layout.is_clear(replace(reply, answers=answers)) is is_clear
    folds = [section.fold for section in layout.answered(replace(reply, answers=answers))]
    kind = "1 earlier answer" if state == "superseded" else "1 other reading"
    assert folds == (["", f"{kind}: 25 to 27 July"] if is_clear else [""])


@pytest.mark.parametrize(("ahead", "is_clear"), [(3.0, True), (2.9, False)])
def test_lead_of_an_uncalibrated_reader_is_its_margin(reply: Reply, ahead: float, is_clear: bool):
    answer = replace(reply.answers[0], confidence=None)
    answers = (answer, replace(answer, margin=answer.margin - ahead))
    assert layout.is_clear(replace(reply, answers=answers)) is is_clear


def test_while_the_reader_reads_the_closest_passages_are_shown(reply: Reply):
    text = Tags(layout.found_so_far(reply.question, reply.hits * 5)).text
    assert text.startswith("Reading the 5 closest passages …Closest passagesClosest first.")
    assert text.count("Sergei Shoigu flew") == 3
    assert Tags(layout.found_so_far("Who?", ())).text == "Reading the 0 closest passages …"


def test_report_lists_every_skipped_input_by_its_file_name():
    skipped = (Skipped("/tmp/x/0/a.csv:3", "it has <no> text"), Skipped("https://e.org/f/", "gone"))
    html = cards.build_report(BuildReport(2, 4, 4, 2, 0, 0, 0, skipped, 1.0))
    assert "<li><strong><bdi dir=\"auto\">a.csv:3</bdi></strong> <bdi dir=\"auto\">it has &lt;no&gt; text</bdi></li>" in html  # fmt: skip  # noqa: E501
    assert "https://e.org/f/</bdi>" in html


def test_report_without_skipped_inputs_has_no_fold():
    assert "<details>" not in cards.build_report(BuildReport(2, 4, 4, 2, 0, 0, 0, (), 1.0))


@pytest.mark.parametrize(("theme", "scheme"), [("dark", "dark"), ("light", "light"), (None, "light dark")])
def test_style_sheet_follows_the_theme(theme: str | None, scheme: str):
    assert cards.head(theme).startswith(f"<style>:root {{ color-scheme: {scheme}; }}/*")


def test_closest_evidence_is_shown_and_the_rest_folded(reply: Reply):
    many = replace(reply, hits=reply.hits * 5)
    assert [card.key for card in layout.answered(many)[0].cards] == ["answer-1"]
    sections = layout.evidence(many)
    assert [[card.key for card in section.cards] for section in sections] == [
        ["passage-1", "passage-2", "passage-3"],
        ["passage-4", "passage-5"],
    ]
    assert [section.fold for section in sections] == ["", "Passages 4 to 5"]
    assert layout.evidence(replace(reply, hits=())) == []


def test_cards_open_the_article_at_their_own_place_with_every_answer_marked(reply: Reply):
    ((answer,),) = (section.cards for section in layout.answered(reply))
    (passage,) = layout.evidence(reply)[0].cards
    article, start = reply.answers[0].article, reply.answers[0].start
    quote = (start, start + 13)
    assert answer.view == ArticleView(article, (quote,), focus=quote)
    assert passage.view == ArticleView(article, (quote,), passage=(0, 43))


def test_article_of_the_timeline_opens_at_its_answer_else_at_its_evidence(reply: Reply, copy: Article):
    assert layout.view_of(reply, "a1").focus is not None
    other = replace(reply, answers=())
    assert layout.view_of(other, "a1").passage == (0, 43)
    assert layout.view_of(reply, "nobody") is None


def test_article_page_marks_every_answer_and_names_the_one_at_which_it_opens(article: Article):
    html = article_page.article_page(ArticleView(article, ((15, 31), (0, 6)), focus=(15, 31)))
    assert (
        '<p dir="auto"><mark>Sergei</mark> Shoigu f<mark class="qa-focus">lew to Pyongyang</mark> on Tuesday.'
        '</p><p dir="auto">He'
    ) in html
    assert html.count("<mark") == 2


def test_address_of_an_article_names_its_id_and_its_archive(article: Article):
    hostile = replace(article, id='a b&c"<x>')
    assert 'href="./article?id=a+b%26c%22%3Cx%3E"' in article_page.address(hostile, "")
    assert 'href="./article?id=a1&amp;archive=lamps"' in article_page.address(article, "lamps")


def test_neighbour_is_shown_with_its_distance_in_time(article: Article):
    later = replace(article, id="n", published=datetime(2023, 7, 29, tzinfo=UTC))
    assert Tags(article_page.neighbour(Neighbour(later, 0.5), article)).text == (
        "CBS News29 July 20232 days later"
    )
    bare = Article("n", "T", "text")
    assert article_page.neighbour(Neighbour(bare, 0.5), article) == ""


def test_script_that_scrolls_is_another_one_every_time():
    first, second = (article_page.scroll_to_mark(turn) for turn in (1, 2))
    assert first != second
    assert first.replace("/* 1 */", "/* 2 */") == second


def test_article_page_sets_off_the_paragraphs_of_a_passage(article: Article):
    first, second = (
        article_page.article_page(ArticleView(article, passage=place)) for place in ((0, 43), (45, 60))
    )
    assert '<p dir="auto" class="qa-here">Sergei' in first
    assert '<p dir="auto" class="qa-here">He stayed' in second
    assert (first.count("qa-here"), second.count("qa-here")) == (1, 1)


@pytest.mark.parametrize(
    ("known", "note"),
    [({"approximate_to": "month"}, "The article gave its age only; the date is right to about a month."),
     ({"zone_assumed": True}, "The article named no time zone; its date is read as UTC.")],
)  # fmt: skip
def test_article_page_says_how_far_the_date_can_be_trusted(known: dict[str, object], note: str):
    article = Article("a", "T", "Text.", datetime(2023, 7, 27, tzinfo=UTC), **known)
    assert note in article_page.article_page(ArticleView(article))


def test_relative_time_is_resolved_beside_the_untouched_quote(reply: Reply):
    text = reply.answers[0].article.text
    start = text.index("late on Thursday evening")
    time = ResolvedTime(start + 8, start + 16, date(2023, 7, 27), date(2023, 7, 27), "day", "27 July 2023")
    told = Tags(cards.answer_card(replace(reply.answers[0], times=(time,)), reply)).text
    assert "“Thursday” means 27 July 2023" in told
    assert told.startswith("25 to 27 July")


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"state": "disputed"}, "Disputed: sources of the same days differ"),
        ({"state": "superseded", "as_of": date(2023, 7, 20)}, "Earlier answer, as of 20 July 2023"),
        ({"state": "superseded"}, "Earlier answer"),
        ({"as_of": date(2023, 7, 27)}, "As of 27 July 2023"),
    ],
)
def test_standing_among_other_answers_is_shown(reply: Reply, known: dict[str, object], told: str):
    assert f">{told}</p>" in cards.answer_card(replace(reply.answers[0], **known), reply)
    assert "qa-state" not in cards.answer_card(reply.answers[0], reply)


HOSTILE = "</p></mark><script>alert(1)</script><img src=x onerror=alert(1)> \" ' $x$ :red[a] **b** \u202e"


def test_hostile_text_adds_no_tag_and_no_attribute_anywhere():
    def words(text: str) -> Reply:
        article = Article("a", text, text, datetime(2023, 1, 1, tzinfo=UTC), source=text, url=text,
                          authors=(text,), tags=(text,), approximate_to=text)  # fmt: skip
        time = ResolvedTime(0, len(text), date(2023, 1, 1), date(2023, 1, 1), "day", text)
        answer = Answer(
            article, 0, len(text), 0.5, 1.0, agreeing=(Quote(article, 0, len(text)),), times=(time,)
        )
        hit = Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0, near_duplicates=(article,))
        return Reply("Who?", (answer,), (hit,), best_rejected=answer, guess=answer)

    def pieces(reply: Reply) -> list[str]:
        answer = reply.answers[0]
        report = BuildReport(1, 1, 1, 1, 0, 0, 0, (Skipped(answer.text, answer.text),), 1.0)
        place = (answer.start, answer.end)
        return [
            cards.answer_card(answer, reply),
            *(card.html for section in layout.evidence(reply) for card in section.cards),
            *(card.html for section in layout.answered(replace(reply, answers=())) for card in section.cards),
            layout.found_so_far(reply.question, reply.hits),
            cards.scores(reply),
            cards.build_report(report),
            cards.heading(answer.text, answer.text),
            article_page.article_page(ArticleView(answer.article, (place,), place, place)),
            article_page.address(answer.article, answer.text),
            cards.message(answer.text, answer.text),
            article_page.neighbour(Neighbour(answer.article, 0.5), answer.article),
            browsing.row(answer.article),
            browsing.found_row(answer.article, Excerpt(((0, len(answer.text)),), ())),
            browsing.skipped([Skipped(answer.text, answer.text)]),
            browsing.previewed(answer.article),
            browsing.understood(Preview((), (), (answer.text,), (("title", answer.text),), 1)),
        ]

    for hostile, harmless in zip(pieces(words(HOSTILE)), pieces(words("harmless")), strict=True):
        assert Tags(hostile).names == Tags(harmless).names
        assert set(Tags(hostile).attributes) == set(Tags(harmless).attributes)
        assert "\u202e" not in hostile
    assert "<script>alert(1)</script>" in Tags(pieces(words(HOSTILE))[7]).text


def test_answer_in_the_title_is_marked_in_the_title():
    article = Article("t", "Volta Motors names Ida Renske", "The car maker said so.")
    answer = Answer(article, 19, 29, 0.8, 3.0, where="title")
    hits = (Hit(Passage(article, 0, 22), 1.0, 1.0, 1.0),)
    for reply in (
        Reply("Who?", (answer,), hits),
        Reply("Who?", (), hits, best_rejected=answer, guess=answer),
    ):
        sections = [*layout.answered(reply), *(layout.evidence(reply) if reply.answers else [])]
        found = [card for section in sections for card in section.cards]
        assert "Volta Motors names <mark>Ida Renske</mark>" in found[0].html
        for card in found:
            page = article_page.article_page(card.view)
            assert page.count("<mark") == 1
            assert "Volta Motors names <mark>Ida Renske</mark></h2>" in page


def test_report_lists_its_notes_escaped_and_by_file_name():
    notes = (Note("/tmp/x/0/a.csv", "taken as date: <when>."), Note("", "2 of 3 articles lack a source."))
    html = cards.build_report(BuildReport(2, 4, 4, 2, 0, 0, 0, (), 1.0, notes))
    told = Tags(html).text
    assert "a.csv" in told and "taken as date: <when>." in told and "<when>" not in html
    assert "All inputs" in told and "/tmp/x" not in html


def test_articles_of_a_time_are_listed_and_open(reply: Reply, article: Article):
    listed = replace(reply, answers=(), hits=(), listing=Listing((replace(article, title="<b>Visit"),), 3))
    (section,) = layout.answered(listed)
    assert "3 articles, the newest 1 of them." in section.html
    (card,) = section.cards
    assert "&lt;b&gt;Visit" in card.html
    assert card.view.article.id == article.id
    assert layout.in_one_line(listed) == "3 articles, the newest 1 of them"
    assert layout.evidence(listed) == []
