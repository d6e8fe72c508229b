"""SQuAD's rules and percentiles against cases worked out by hand."""

import pytest

from qa.evaluate.metrics import (
    Figures,
    Scored,
    best_threshold,
    contains,
    exact_match,
    f1,
    figures,
    normalized,
    percentile,
    scored,
)

INFINITE = float("inf")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("a cat, an owl & the dog", "cat owl dog"),
        ("U.S.A.", "usa"),
        ("theatre another", "theatre another"),
        ("$1,200.50", "120050"),
        ("well-known", "wellknown"),
        ("“quoted”", "“quoted”"),  # only ASCII punctuation is removed
        ("The A.", ""),
        ("", ""),
    ],
)
def test_normalisation_drops_case_punctuation_articles_and_extra_blanks(text, expected):
    assert normalized(text) == expected


def test_exact_match_takes_any_of_the_golds():
    assert exact_match("the Pope.", ["Francis", "Pope"]) == 1.0
    assert exact_match("Pope Francis", ["Francis", "Pope"]) == 0.0


def test_no_gold_wants_the_empty_answer():
    assert exact_match("", []) == 1.0
    assert exact_match("Paris", []) == 0.0
    assert f1("", []) == 1.0
    assert f1("Paris", []) == 0.0


def test_a_gold_of_nothing_but_articles_and_punctuation_does_not_count():
    assert exact_match("Paris", ["the", "Paris"]) == 1.0
    assert exact_match("", ["the", "Paris"]) == 0.0
    assert exact_match("", ["the!"]) == 1.0


@pytest.mark.parametrize(
    ("given", "golds", "expected"),
    [
        ("Kim Jong-un", ["Kim Jong Un"], 2 * 1 / (2 + 3)),  # "kim jongun" shares only "kim"
        ("in the north of Korea", ["north Korea"], 2 * 2 / (4 + 2)),
        ("the cat", ["cat"], 1.0),
        ("dog", ["cat"], 0.0),
        ("one two", ["one", "one two three"], 2 * 2 / (2 + 3)),  # the better of 2/3 and 4/5
        ("ha ha ha", ["ha ha"], 2 * 2 / (3 + 2)),  # a repeated word counts as often as it is in both
        ("the", ["cat"], 0.0),
    ],
)
def test_f1_counts_shared_words_with_the_best_gold(given, golds, expected):
    assert f1(given, golds) == pytest.approx(expected, abs=1e-12)


def test_a_forced_answer_to_an_unanswerable_question_is_worth_nothing():
    assert scored("Paris", [], margin=2.0) == Scored(False, 0.0, 0.0, 2.0)


def test_a_missing_span_is_worth_nothing_on_an_answerable_question():
    assert scored(None, ["Paris"], margin=-INFINITE) == Scored(True, 0.0, 0.0, -INFINITE)


@pytest.mark.parametrize(
    ("given", "golds", "expected"),
    [
        ("the cat", ["cat"], True),
        ("Liz Truss", ["Truss"], True),  # F1 2/3
        ("one two three", ["one two four"], True),  # F1 2/3
        ("British", ["British prime minister"], False),  # F1 1/2
        ("the", [], False),  # without a gold answer nothing is right
        (None, ["cat"], False),
    ],
)
def test_an_answer_is_right_from_an_f1_of_0_6(given, golds, expected):
    assert scored(given, golds, margin=0.0).right is expected


# Two answerable, two not; margins 4, 3, 2, 1.
FOUR = [
    Scored(True, 1.0, 1.0, 4.0),
    Scored(False, 0.0, 0.0, 3.0),
    Scored(True, 0.0, 0.5, 2.0),
    Scored(False, 0.0, 0.0, 1.0),
]


def test_figures_at_a_threshold_count_refusals_right_only_where_nothing_was_to_be_found():
    # Shown: the first three. Right: the first (1, 1), the third (0, .5), the refused fourth (1, 1).
    assert figures(FOUR, 2.0) == Figures(
        questions=4,
        answerable=2,
        threshold=2.0,
        exact=0.5,
        f1=0.625,
        has_exact=0.5,
        has_f1=0.75,
        no_answer=0.5,
    )


def test_forced_figures_refuse_nothing():
    assert figures(FOUR, -INFINITE) == Figures(
        questions=4,
        answerable=2,
        threshold=-INFINITE,
        exact=0.25,
        f1=0.375,
        has_exact=0.5,
        has_f1=0.75,
        no_answer=0.0,
    )


def test_a_question_without_a_span_counts_as_refused_even_when_forced():
    assert figures([Scored(False, 0.0, 0.0, -INFINITE)], -INFINITE).no_answer == 1.0
    assert figures([Scored(True, 0.0, 0.0, -INFINITE)], -INFINITE).has_exact == 0.0


def test_figures_of_a_kind_that_does_not_occur_are_none():
    only_answerable = figures(FOUR[:1], 0.0)
    assert (only_answerable.no_answer, only_answerable.has_f1) == (None, 1.0)
    assert figures([], 0.0).f1 is None


def test_best_threshold_shows_no_more_than_pays():
    # Gains over refusing all, by the last one shown: 1, 0, 0.5, -0.5.
    assert best_threshold(FOUR) == 4.0
    assert figures(FOUR, best_threshold(FOUR)).f1 == 0.75


def test_best_threshold_passes_over_a_loss_that_is_won_back():
    questions = [Scored(False, 0.0, 0.0, 5.0), Scored(True, 1.0, 1.0, 4.0), Scored(True, 1.0, 1.0, 3.0)]
    assert best_threshold(questions) == 3.0


def test_best_threshold_refuses_everything_when_no_answer_pays():
    assert best_threshold([Scored(False, 0.0, 0.0, 5.0), Scored(True, 0.0, 0.5, 4.0)]) == INFINITE


def test_equal_margins_are_shown_or_refused_together():
    tied = [Scored(True, 1.0, 1.0, 2.0), Scored(False, 0.0, 0.0, 2.0), Scored(True, 1.0, 1.0, 1.0)]
    assert best_threshold(tied) == 1.0
    assert best_threshold(tied[:2]) == INFINITE


def test_best_threshold_is_never_that_of_a_missing_span():
    assert best_threshold([Scored(True, 0.0, 0.0, -INFINITE)]) == INFINITE


def test_containment_respects_word_borders_only_when_asked():
    assert contains("He came from the Ukraine.", "Ukraine")
    assert not contains("Ukrainian forces", "Ukrain")
    assert contains("Ukrainian forces", "Ukrain", whole_words=False)
    assert contains("It cost $1,200.", "1200")
    assert not contains("anything", "the")


def test_percentile_is_a_value_that_was_measured():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
