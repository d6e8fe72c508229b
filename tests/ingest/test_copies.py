"""Near-duplicates are linked, and nothing else is."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.copies import BANDS, Sketcher, _shingles, _WordHashes, link, near_duplicates
from qa.passages import content_id
from qa.reports import Progress

RANDOM = random.Random(7)
WORDS = ["".join(RANDOM.choices("abcdefghij", k=6)) for _ in range(4000)]


def story(seed: int, words: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def edited(words: list[str], share: float, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) if chance.random() < share else word for word in words]


def test_copies_of_one_story_get_the_position_of_the_first():
    one, two = story(1), story(2)
    texts = [one, two, edited(one, 0.02), story(3), one[:250], edited(two, 0.04), one]
    assert near_duplicates([" ".join(words) for words in texts]) == [0, 1, 0, 3, 0, 1, 0]


def test_links_are_transitive():
    first = story(1)
    second = edited(first, 0.04, seed=1)
    third = edited(second, 0.04, seed=2)
    join = " ".join
    assert near_duplicates([join(first), join(third)]) == [0, 1]  # these two alone are too different
    assert near_duplicates([join(first), join(third), join(second)]) == [0, 0, 0]


def test_copy_cut_short_is_linked_but_a_brief_in_a_digest_is_not():
    for seed in range(20):  # LSH finds so low a similarity only by chance, so one pair would prove nothing
        whole = story(seed, 900)
        assert near_duplicates([" ".join(whole), " ".join(whole[:450])]) == [0, 0]
        assert near_duplicates([" ".join(whole), " ".join(whole[:290])]) == [0, 1]


def test_stories_that_share_half_of_their_text_are_no_copies():
    shared = story(1, 150)
    assert near_duplicates([" ".join(shared + story(2, 150)), " ".join(shared + story(3, 150))]) == [0, 1]


def test_case_and_punctuation_do_not_part_copies():
    words = story(1)
    assert near_duplicates([" ".join(words), ", ".join(words).upper()]) == [0, 0]


def test_texts_of_one_word_or_none_are_linked_only_if_equal():
    assert near_duplicates(["", "lamp", "", "Lamp!", "sea"]) == [0, 1, 2, 1, 4]
    assert near_duplicates([]) == []


def test_labels_agree_with_all_pairs_compared():
    chance = random.Random(3)
    texts = [story(seed) for seed in range(12)]
    texts += [edited(chance.choice(texts[:12]), chance.uniform(0, 0.25), seed) for seed in range(40)]
    joined = [" ".join(words) for words in texts]
    sets = [set(_shingles(text, _WordHashes()).tolist()) for text in joined]
    expected = list(range(len(sets)))
    for at, one in enumerate(sets):
        for other in range(at):
            if len(one & sets[other]) >= 0.7 * len(one | sets[other]) and expected[at] != expected[other]:
                keep, drop = sorted((expected[at], expected[other]))
                expected = [keep if label == drop else label for label in expected]
    assert near_duplicates(joined) == expected
    assert len(set(expected)) < len(expected)


def test_progress_counts_articles_to_the_end():
    told: list[Progress] = []
    link(np.ones((300, BANDS), dtype=np.uint32), lambda at: "lamp", progress=told.append)
    assert len(told) == BANDS
    assert told[20] == Progress("linking near-duplicates", 150, 300, "articles")
    assert told[-1] == Progress("linking near-duplicates", 300, 300, "articles")


def chain(words: list[str], links: int) -> list[str]:
    """Texts of which each is a near-duplicate of the one before, but not of those further back."""
    texts = [" ".join(words)]
    for seed in range(1, links):
        words = edited(words, 0.035, seed)
        texts.append(" ".join(words))
    return texts


VARIANTS = chain(story(1), 6) + chain(story(2), 6)


@given(st.lists(st.sampled_from(VARIANTS), min_size=1, max_size=12), st.data())
def test_groups_that_grow_and_shrink_are_those_of_all_texts_at_once(texts, data):
    kept = [text for text in texts if data.draw(st.booleans())]
    sketch = Sketcher()
    before = link(np.array([sketch(text) for text in texts]), texts.__getitem__)
    # A group that loses a member may split, so its members are compared again.
    at = [n for n, text in enumerate(texts) if data.draw(st.booleans(), label="stays")]
    whole = {label for label in before.tolist() if set(np.flatnonzero(before == label)) <= set(at)}
    now = [texts[n] for n in at] + kept
    settled = [at.index(before[n]) if before[n] in whole else -1 for n in at] + [-1] * len(kept)
    sketches = np.array([sketch(text) for text in now], dtype=np.uint32).reshape(-1, BANDS)
    labels = link(sketches, now.__getitem__, settled=np.array(settled, dtype=np.int64))
    assert labels.tolist() == near_duplicates(now)


def test_settled_texts_are_not_compared_again():
    looked_at = []
    texts = [VARIANTS[0], VARIANTS[1], VARIANTS[6], VARIANTS[7]]
    sketch = Sketcher()

    def text_of(at: int) -> str:
        looked_at.append(at)
        return texts[at]

    labels = link(np.array([sketch(text) for text in texts]), text_of, settled=np.array([0, 0, 2, -1]))
    assert labels.tolist() == [0, 0, 2, 2]
    assert set(looked_at) == {2, 3}


@given(st.lists(st.text(max_size=20), max_size=12))
def test_every_label_is_the_first_of_its_group(texts):
    labels = near_duplicates(texts)
    assert all(label <= at and labels[label] == label for at, label in enumerate(labels))


def test_content_id_is_stable_and_depends_on_where_the_title_ends():
    assert content_id("Lamp falls", "Into the sea.", "The Post") == "e11aab8a14cab1893f8908003ec317cd"
    assert content_id("ab", "c", "") != content_id("a", "bc", "")
    assert content_id("a", "", "b") != content_id("a", "b", "")
