"""The newest of alternative answers leads; those of the same days are disputed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa.news.agreement import merged
from qa.news.claim import Claim
from qa.news.standing import SAME_DAYS, newest_state, rivals, with_standing
from qa.records import Article, Hit, Passage, Quote

TOLL = "How many people died in the fire?"


def article(id_: str, text: str, day: int, source: str = "", approximate_to: str = "") -> Article:
    published = datetime(2023, 9, day, 12, tzinfo=UTC)
    return Article(id_, "", text, published, source=source or id_, approximate_to=approximate_to)


def answers_of(*quotes: tuple[Article, str, float]) -> list[Claim]:
    """Answers as sure as told, with ten times that as their margins."""
    found = []
    for of, quote, confidence in quotes:
        start = of.text.index(quote)
        found.append(Claim(Quote(of, start, start + len(quote)), 10 * confidence, confidence=confidence))
    return found


def told(question: str, *quotes: tuple[Article, str, float]) -> list[tuple[str, str, date | None]]:
    """Return the answers as they stand, for quotes with their confidences, best first."""
    hits = [Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0) for a, _, _ in quotes]
    return [
        (a.text, a.state, a.as_of)
        for a in (s.answer() for s in with_standing(question, merged(answers_of(*quotes), hits), hits))
    ]


FIRST = article("first", "At least 53 people died.", 1)
SECOND = article("second", "Some 115 died.", 8)
THIRD = article("third", "The toll was cut to 97 deaths.", 15)


def test_the_newest_amount_leads_and_the_older_follow_in_order():
    assert told(TOLL, (FIRST, "53 people", 0.9), (THIRD, "97 deaths", 0.8), (SECOND, "115", 0.7)) == [
        ("97 deaths", "current", date(2023, 9, 15)),
        ("115", "superseded", date(2023, 9, 8)),
        ("53 people", "superseded", date(2023, 9, 1)),
    ]


def test_amounts_of_the_same_days_in_different_sources_are_disputed_and_the_surest_leads():
    police = article("police", "Police put it at 338,000 people.", 16)
    crowd = article("crowd", "Two million people came.", 17)
    assert told(
        "How many people came?", (police, "338,000 people", 0.8), (crowd, "Two million people", 0.6)
    ) == [
        ("338,000 people", "disputed", date(2023, 9, 16)),
        ("Two million people", "disputed", date(2023, 9, 17)),
    ]


def test_one_source_does_not_dispute_itself():
    one, two = article("a", "It is 5 dead.", 16, "Ledger"), article("b", "It is 6 dead.", 17, "ledger")
    found = told(TOLL, (one, "5 dead", 0.8), (two, "6 dead", 0.7))
    assert [state for _, state, _ in found] == ["current", "current"]


def test_other_answers_keep_their_place_behind_the_alternatives():
    other = article("other", "The mayor said so.", 20)
    found = told(TOLL, (FIRST, "53 people", 0.9), (other, "The mayor", 0.8), (THIRD, "97 deaths", 0.7))
    assert [(text, state) for text, state, _ in found] == [
        ("97 deaths", "current"), ("53 people", "superseded"), ("The mayor", "current")
    ]  # fmt: skip


def test_without_an_alternative_an_answer_stands_without_a_day():
    assert told(TOLL, (FIRST, "53 people", 0.9)) == [("53 people", "current", None)]


def test_pairs_that_are_no_alternatives_keep_their_order():
    years = article("years", "He got 25 years.", 20)
    doubtful = article("doubtful", "Some 900 died.", 20)
    undated = Article("undated", "", "Some 80 died.", None)
    missing = article("missing", "Some 70 are missing.", 20)
    same_article = article("first", "At least 53 people died.", 1)
    for rival in (
        (years, "25 years", 0.8),  # of another measure
        (doubtful, "900", 0.4),  # less than half the margin
        (undated, "80", 0.8),
        (missing, "70", 0.8),  # its sentence says nothing of the dead
        (same_article, "At least 53", 0.8),
    ):
        assert told(TOLL, (FIRST, "53 people", 0.9), rival)[0] == ("53 people", "current", None)


def test_numbers_of_one_article_are_no_alternatives():
    both = article("both", "Some 53 people died, and 900 died before.", 1)
    assert told(TOLL, (both, "53 people", 0.9), (both, "900", 0.8)) == [
        ("53 people", "current", None),
        ("900", "current", None),
    ]


def test_an_article_of_a_vague_date_is_older_only_where_it_must_be():
    vague = article("vague", "Some 70 died.", 20, approximate_to="month")
    spring = Article(
        "spring", "", "It began with 40 dead.", datetime(2023, 3, 1, tzinfo=UTC), source="spring"
    )
    found = told(TOLL, (FIRST, "53 people", 0.9), (vague, "70", 0.8), (spring, "40", 0.7))
    assert found == [
        ("53 people", "disputed", date(2023, 9, 1)),
        ("70", "disputed", None),  # the day of the report is not known
        ("40", "superseded", date(2023, 3, 1)),
    ]


def test_a_shorter_form_of_a_name_is_no_other_holder_of_the_office():
    short, full = article("s", "Charles is king.", 1), article("f", "Charles III is king.", 20)
    found = told("Who is king of Britain?", (short, "Charles", 0.9), (full, "Charles III", 0.8))
    assert found == [("Charles", "current", None), ("Charles III", "current", None)]


MAUI = "How many people died on Maui?"


def compared_with(best: str, *quotes: tuple[Article, str, float], question: str = MAUI) -> list[str]:
    of = article("best", f"{best} died on Maui.", 1)
    return [claim.quote.text for claim in rivals(question, answers_of((of, best, 0.9), *quotes), [])]


def test_the_best_answer_is_compared_with_the_first_choice_of_other_articles_on_the_same():
    newer = article("newer", "On Maui 97 are dead, of 115 and more.", 16)
    assert compared_with("53", (newer, "97", 0.8), (newer, "115", 0.7)) == ["97"]


def test_the_best_answer_is_not_compared_with_what_is_about_something_else():
    quake = article("quake", "In Turkey 3,400 died.", 16)
    fled = article("fled", "Some 900 fled from Maui.", 16)
    years = article("years", "He died on Maui after 25 years.", 16)
    for other, quote in ((quake, "3,400"), (fled, "900"), (years, "25 years")):
        assert compared_with("53", (other, quote, 0.8)) == []
    # The reader prefers "no answer"
    assert compared_with("53", (article("n", "97 died on Maui.", 16), "97", -0.1)) == []


def test_the_best_answer_is_compared_with_what_has_a_word_of_the_question_beside_the_name():
    of = answers_of((article("best", "53 came to Maui.", 1), "53", 0.9))
    came = answers_of((article("came", "Some 900 came to Maui.", 16), "900", 0.8))
    fled = answers_of((article("fled", "Some 900 fled from Maui.", 16), "900", 0.8))
    assert rivals("How many came to Maui?", of + came, []) == came
    assert rivals("How many came to Maui?", of + fled, []) == []


def test_a_number_counts_what_stands_next_to_it_or_in_its_clause():
    said = article("said", "Some 97, officials said, died on Maui.", 16)
    live = article("live", "On Maui some 13,000 live there, and 97 died.", 16)
    clause = article("clause", "Some 97 of 13,000 on Maui died.", 16)
    assert compared_with("53", (said, "97", 0.8)) == ["97"]  # no other number is nearer
    assert compared_with("53", (live, "13,000", 0.8)) == []
    assert compared_with("53", (live, "97", 0.8)) == ["97"]
    assert compared_with("53", (clause, "97", 0.8)) == ["97"]
    after = article("after", "It burned. On Maui the dead, officials said, are 97 of the 13,000 there.", 16)
    assert compared_with("53", (after, "97", 0.8)) == ["97"]
    assert compared_with("53", (after, "13,000", 0.8)) == []


def test_a_toll_of_another_year_is_compared_only_if_the_question_names_the_year():
    then = article("then", "In 2017 97 died on Maui.", 16)
    now = article("now", "By September 2023 97 died on Maui.", 16)
    assert compared_with("53", (then, "97", 0.8)) == []
    assert compared_with("53", (now, "97", 0.8)) == ["97"]
    assert compared_with("53", (then, "97", 0.8), question="How many people died on Maui in 2017?") == ["97"]


def test_a_word_that_only_begins_its_sentence_is_no_name_of_another_event():
    for text in (
        "The dead on Maui are 97.",
        "On Maui it was worse. The dead there are 97.",
        'He said: "The dead on Maui are 97."',
        "Confirmed deaths on Maui are 97.",
    ):
        assert compared_with("53", (article("n", f"Maui. {text}", 16), "97", 0.8)) == ["97"], text


def test_a_name_before_what_is_counted_is_that_of_another_event():
    for text in (
        "On Maui 97 died in Lahaina deaths.",
        "The Lahaina Dead on Maui are 97.",  # "The Lahaina" must not swallow "Lahaina Dead"
        "Lahaina Dead on Maui are 97.",
        "Lahaina deaths on Maui are 97. It was so in Lahaina.",
    ):
        assert compared_with("53", (article("n", text, 16), "97", 0.8)) == [], text
    headline = Article(
        "n", "Lahaina counts", "Lahaina deaths on Maui are 97.", datetime(2023, 9, 16, tzinfo=UTC)
    )
    assert compared_with("53", (headline, "97", 0.8)) == ["97"]


def test_without_a_name_in_the_question_nothing_else_is_compared():
    newer = article("newer", "On Maui 97 died.", 16)
    assert compared_with("53", (newer, "97", 0.8), question="How many people died in the fire?") == []
    assert rivals(MAUI, [], []) == []


def test_people_are_alternatives_only_as_holders_of_an_office():
    truss, sunak = article("t", "Liz Truss is it.", 1), article("s", "Rishi Sunak is it.", 20)
    quotes = (truss, "Liz Truss", 0.9), (sunak, "Rishi Sunak", 0.8)
    assert told("Who is prime minister?", *quotes)[0] == ("Rishi Sunak", "current", date(2023, 9, 20))
    assert told("Who met the king?", *quotes)[0] == ("Liz Truss", "current", None)
    assert told("Who was there when the prime minister came?", *quotes)[0][0] == "Liz Truss"


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(2, 99), st.integers(1, 99)),
        max_size=6,
        unique_by=lambda x: x[1],
    )
)
def test_no_answer_is_lost_and_each_stands_behind_the_one_that_replaced_it(reports):
    ranked = sorted(reports, key=lambda report: -report[2])
    quotes = [(article(f"a{n}", f"{n} died.", day), str(n), sure / 100) for day, n, sure in ranked]
    found = told(TOLL, *quotes)
    assert sorted(text for text, _, _ in found) == sorted(text for _, text, _ in quotes)
    states = [state for _, state, day in found if day is not None]
    assert states == sorted(states, key="superseded".__eq__)  # the superseded ones come last
    old = [day for _, state, day in found if state == "superseded"]
    assert old == sorted(old, reverse=True)
    newest = max((day for _, state, day in found if state != "superseded" and day is not None), default=None)
    assert all(newest - day > SAME_DAYS for day in old)


def test_no_answers_have_no_standing():
    assert with_standing(TOLL, [], []) == []


MARCH = "How many people marched in Hong Kong?"
POLICE = article("police", "Police said 338,000 people marched in Hong Kong.", 16)
CROWD = article("crowd", "Nearly two million marched in Hong Kong, organisers said.", 17)


def test_other_number_of_the_source_nearest_to_the_question_is_shown_though_the_reader_doubts_it():
    claims = answers_of((POLICE, "338,000", 0.5), (CROWD, "Nearly two million", -0.1))
    nearest = [Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0) for a in (CROWD, POLICE)]
    others = rivals(MARCH, claims, nearest)
    assert others == [claims[1]]
    found = [standing.answer() for standing in with_standing(MARCH, merged(claims, nearest), nearest)]
    assert [(answer.text, answer.state) for answer in found] == [
        ("338,000", "disputed"),
        ("Nearly two million", "disputed"),
    ]
    assert rivals(MARCH, claims, nearest[::-1]) == []  # from a source further away it may be noise
    assert (
        rivals(MARCH, answers_of((POLICE, "338,000", 0.5), (CROWD, "Nearly two million", -0.3)), nearest)
        == []
    )
    later = article("later", CROWD.text, 25)
    claims = answers_of((POLICE, "338,000", 0.5), (later, "Nearly two million", -0.1))
    assert rivals(MARCH, claims, [Hit(Passage(later, 0, 20), 0.5, 0.5, 1.0)]) == []


def report(title: str, text: str, day: date) -> Article:
    return Article(title, title, text, datetime(day.year, day.month, day.day, tzinfo=UTC), source=title)


OLDER = report(
    "53 dead as fires destroy Maui town",
    "At least 53 people died in the fires on Maui. The flames swept through Lahaina. Maui mourns.",
    date(2023, 8, 10),
)
NEWER = "Hawaii lowers Lahaina fire toll to 97"
LATER = date(2023, 9, 15)


def newest(title: str, text: str, quote: str, day: date = LATER, question: str = MAUI) -> list[str]:
    """Return what takes the place of 53, though the reader does not see it."""
    claims = answers_of((OLDER, "53", 0.6), (report(title, text, day), quote, -0.9))
    return [claim.quote.text for claim in rivals(question, claims, [])]


def test_later_count_of_the_same_event_leads_however_little_the_reader_sees_it():
    text = "The toll of Lahaina was cut to 97. The fire on Maui still burned in Lahaina."
    assert newest(NEWER, text, "97") == ["97"]
    assert newest(NEWER, text, "97", question="how many people died on maui") == ["97"]
    claims = answers_of((OLDER, "53", 0.6), (report(NEWER, text, LATER), "97", -0.9))
    others = rivals(MAUI, claims, [])
    hits = [Hit(Passage(claim.article, 0, 9), 0.5, 0.5, 1.0) for claim in claims]
    found = [s.answer() for s in with_standing(MAUI, merged([claims[0], *others], hits), hits)]
    assert [(a.text, a.state, a.confidence) for a in found] == [
        ("97", "current", 0.6),  # that it is asked for is as sure as with the older
        ("53", "superseded", 0.6),
    ]
    state = newest_state(MAUI, claims, [])
    assert state is not None and (state.agreement.best.quote.text, state.as_of) == ("97", LATER)
    assert newest_state(MAUI, claims, [], LATER - timedelta(days=1)) is None  # it is not written yet
    assert rivals(MAUI, claims, [], LATER - timedelta(days=1)) == []
    assert [claim.quote.text for claim in rivals(MAUI, claims, [], LATER)] == ["97"]
    assert newest_state(MAUI, claims[:1], []) is None and newest_state(MAUI, [], []) is None


def test_number_that_takes_an_amended_ones_place_is_taken_from_its_sentence():
    text = "The toll of Lahaina was cut to 97, down from the 115 of August. Maui and Lahaina mourn."
    assert newest(NEWER, text, "115") == ["97"]
    many = "The toll of Lahaina was cut to 97 or 98, down from the 115. Maui and Lahaina mourn."
    assert newest(NEWER, many, "115") == []


def test_later_number_that_is_of_another_event_or_of_a_part_takes_nobodys_place():
    tail = " The fire on Maui still burned in Lahaina."
    for title, text, quote, day in (
        (NEWER, "The toll of Lahaina was cut to 97." + tail, "97", date(2023, 8, 11)),  # of the same days
        (NEWER, "The toll of Lahaina was cut to 97." + tail, "97", date(2023, 10, 15)),  # months later
        (NEWER, "The toll of Lahaina rose by 3." + tail, "3", LATER),  # a part
        ("Paradise fire toll is 97", "The toll is 97. In Paradise as on Maui it burned.", "97", LATER),
        (NEWER, "The toll in Paradise was 97." + tail, "97", LATER),  # another place
        (NEWER, "Some 97 died this year." + tail, "97", LATER),  # of what, is not said
    ):
        assert newest(title, text, quote, day) == [], text
    of_lahaina = "How many people died in Lahaina?"
    assert newest(NEWER, "The toll of Lahaina is 97.", "97", question=of_lahaina) == []  # Maui is not named
    assert newest(NEWER, "The toll of Lahaina is 97. Maui mourns.", "97", question=of_lahaina) == ["97"]


def test_only_the_dead_and_hurt_are_counted_anew_without_the_reader():
    homes = report(NEWER, "Some 97 homes burned in the fire of Lahaina. Maui mourns in Lahaina.", LATER)
    claims = answers_of((OLDER, "53", 0.6), (homes, "97", -0.9))
    assert rivals("How many burned in the fire on Maui?", claims, []) == []


def test_later_number_under_half_of_a_toll_is_no_alternative_though_the_reader_sees_it():
    second = report("Second quake", "In the second quake on Maui three died.", LATER)
    claims = answers_of((OLDER, "53", 0.9), (second, "three", 0.8))
    assert rivals(MAUI, claims, []) == []
    earlier = report("First", "On Maui three died.", date(2023, 8, 1))
    claims = answers_of((OLDER, "53", 0.9), (earlier, "three", 0.8))
    assert rivals(MAUI, claims, []) == [claims[1]]
