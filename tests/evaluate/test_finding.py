"""Where golds rank, on hits small enough to be ranked by eye."""

from qa.evaluate.finding import Found, find, recall
from qa.evaluate.questions import Question
from qa.records import Article, Hit, Passage


def hit(text, *, id="", title="", url="", near_duplicates=()):
    article = Article(id=id, title=title, text=text, url=url)
    return Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0, tuple(near_duplicates))


def asked(*golds, articles=()):
    return Question("1", "q:1", "Who came?", golds, articles)


def test_answer_is_found_in_the_first_passage_that_holds_a_gold_as_whole_words():
    hits = [hit("Kimchi was served."), hit("Mr Kim came."), hit("Shoigu came.")]
    assert find(asked("Kim"), hits) == Found(answer=2, article=None)
    assert find(asked("Shoigu", "Kim"), hits).answer == 2
    assert find(asked("Putin"), hits).answer is None


def test_gold_article_is_found_by_id_address_or_title_or_as_a_copy():
    twin = Article(id="twin", title="The visit", text="", url="https://example.org/twin")
    hits = [
        hit("a", id="a1", title="Other", url="https://example.org/1"),
        hit("b", id="b2", near_duplicates=[twin]),
    ]
    for name in ("a1", "https://example.org/1", "other!"):
        assert find(asked("x", articles=("unknown", name)), hits).article == 1
    for name in ("twin", "https://example.org/twin", "visit"):
        assert find(asked("x", articles=(name,)), hits).article == 2
    assert find(asked("x", articles=("c3",)), hits).article is None


def test_article_without_address_or_title_is_not_taken_for_one_that_is_named_blankly():
    assert find(asked("x", articles=("...",)), [hit("text", id="a1")]).article is None


def test_recall_counts_ranks_at_or_above_the_depth():
    assert recall([1, 5, 6, None], 5) == 0.5
    assert recall([], 5) is None
