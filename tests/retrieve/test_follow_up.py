"""Questions that lean on the one before are told, and completed."""

from __future__ import annotations

import pytest

from qa.retrieve.follow_up import leaning, names_in, own_names, pointing, resolve_follow_up

WHO = "Who met Putin at Tomsk?"
WHICH = "Which ship blocked the Suez Canal?"
WHERE = "In which city did the UN climate summit take place?"


@pytest.mark.parametrize(
    ("question", "before", "answer", "whole", "added"),
    [
        ("And who did he meet there?", WHO, "Kim Jong Un", "Who did Kim Jong Un meet there (Putin, Tomsk)?",
         ("Kim Jong Un", "Putin", "Tomsk")),
        ("Who gave her the rifle?", WHO, "Kim Jong Un", "Who gave Kim Jong Un the rifle (Putin, Tomsk)?",
         ("Kim Jong Un", "Putin", "Tomsk")),
        ("Who owns it?", WHICH, "the Ever Given", "Who owns the Ever Given (Suez Canal)?",
         ("the Ever Given", "Suez Canal")),
        ("Who owns it?", WHICH, "The Ever Given", "Who owns the Ever Given (Suez Canal)?",
         ("the Ever Given", "Suez Canal")),
        ("What is its length?", WHICH, "Ever Given", "What is Ever Given's length (Suez Canal)?",
         ("Ever Given", "Suez Canal")),
        ("Who spoke there?", WHERE, "Dubai", "Who spoke in Dubai (UN)?", ("in Dubai", "UN")),
        ("How old is her brother?", WHO, "Kim Yo Jong", "How old is Kim Yo Jong's brother (Putin, Tomsk)?",
         ("Kim Yo Jong", "Putin", "Tomsk")),
        ("When was it built?", WHO, "Kim Jong Un", "When was Tomsk built (Kim Jong Un, Putin)?",
         ("Tomsk", "Kim Jong Un", "Putin")),
        ("How old is he?", WHICH, "Ever Given", "How old is he (Ever Given, Suez Canal)?",
         ("Ever Given", "Suez Canal")),
        ("Who owns it?", WHICH, None, "Who owns Suez Canal?", ("Suez Canal",)),
        ("In which minute?", WHICH, "Ever Given", "In which minute (Ever Given, Suez Canal)?",
         ("Ever Given", "Suez Canal")),
        ("Who owns it?", WHICH, "the long ship that had been built in 2018", "Who owns Suez Canal?",
         ("Suez Canal",)),
    ],
)  # fmt: skip
def test_a_follow_up_becomes_a_whole_question(
    question: str, before: str, answer: str | None, whole: str, added: tuple[str, ...]
):
    found = resolve_follow_up(question, before, answer)
    assert (found.question, found.added, found.before) == (whole, added, before)


def test_a_follow_up_to_nothing_that_could_be_named_stays_as_it_is():
    assert resolve_follow_up("Who owns it?", "which ship was it?", None) is None


@pytest.mark.parametrize(
    "question",
    [
        "And who did he meet there?",
        "Who did he meet?",
        "How long is its frontier with Russia?",
        "How old was he when FTX went bankrupt?",
        "What about Sweden?",
        "Why?",
        "Where exactly?",
        "When was that?",
        "Who gave her the injection?",
    ],
)
def test_these_lean_on_the_question_before(question: str):
    assert leaning(question) == "surely"


@pytest.mark.parametrize(
    "question",
    [
        "Who met Putin?",
        "Where did Kim go after he met Putin?",
        "Who was shot as she tried to climb through a door in the Capitol?",
        "How many people died in the earthquakes that struck this year?",
        "How many people are there in Lahaina?",
        "Is there a ceasefire in the north of the country now?",
        "Who won in 2022?",
        "What did the WHO say about that virus on Friday?",
    ],
)
def test_these_stand_alone(question: str):
    assert leaning(question) is None
    assert resolve_follow_up(question, WHO, "Kim Jong Un") is None


def test_names_of_a_question_are_its_capitalised_words_but_for_the_first():
    assert names_in("Who met Kim Jong Un at Xi's palace of Versailles?") == [
        "Kim Jong Un",
        "Xi",
        "Versailles",
    ]
    assert names_in("Putin met whom in New York?") == ["New York"]


@pytest.mark.parametrize(
    "question",
    [
        "how many were missing",
        "Who ran the plant?",
        "And who won the Palme d'Or for Titane?",
        "how old was boris becker when he first won wimbledon",
        "Did Putin meet him?",  # not Putin himself, and whoever it is may have been told before
        "Before he became president, what was Zelensky's job?",
    ],
)
def test_of_these_only_the_answers_show_whether_they_lean_back(question: str):
    assert leaning(question) == "perhaps"


@pytest.mark.parametrize("question", ["iphone launch year", "opioid settlement purdue amount"])
def test_words_for_a_search_box_stand_alone(question: str):
    assert leaning(question) is None


@pytest.mark.parametrize("question", ["is it legal to own a tiger", 'who said "they go low, we go high"'])
def test_empty_and_quoted_pronouns_do_not_point_back_for_sure(question: str):
    assert leaning(question) == "perhaps"


def test_a_date_never_stands_in_for_a_person():
    found = resolve_follow_up("How old was he?", "Who won the race of Oslo?", "12 May 2023")
    assert found is not None
    assert found.question.startswith("How old was Oslo")


@pytest.mark.parametrize(
    "question",
    [
        "How many victims?", "since when", "In which minute?", "Why so much?",  # only a question phrase
        "What sentence did he get?", "Who came after her?", "Which minister quit because of it?",
    ],
)  # fmt: skip
def test_these_lean_back_whatever_the_answers(question: str):
    assert leaning(question) == "surely"


def test_names_of_the_archive_explain_a_pronoun_however_they_are_written():
    question = "did the mayor of baltimore say she would run again"
    assert leaning(question) == "if known"
    assert leaning(question, {"baltimore"}) is None
    assert leaning("did he go to stockholm", {"stockholm"}) == "surely"
    assert leaning("When did the Øresund checks begin?") is None
    assert leaning("Then who shot at the Las Vegas festival from his hotel room?") == "perhaps"


def test_who_says_that_she_was_first_may_ask_for_her():
    assert leaning("Who says she was first to be vaccinated?") == "perhaps"
    assert leaning("Who denied that he lied?") == "perhaps"
    assert leaning("What says she was first?") == "surely"
    assert leaning("Who saw her?") == "surely"


def test_lower_case_names_are_those_of_the_archive():
    names = {"becker", "boris"}
    assert own_names("how old was boris becker when he won", names) == ["boris", "becker"]
    assert own_names("what was becker's first cup", names) == ["becker's"]
    assert own_names("how old was he when he won", names) == []
    assert own_names("who did it then", {"who", "then"}) == []  # grammatical words are no names


@pytest.mark.parametrize(
    "question",
    [
        "Why did the museum close its doors?",
        "After the bank collapsed, who took control of it?",
        "Which company said it would stop selling its diapers?",
        "When she was elected, how old was the finance minister?",
    ],
)
def test_pronoun_that_its_own_noun_explains_leans_back_only_if_that_is_known(question: str):
    assert leaning(question) == "if known"


def test_falling_rain_is_no_pronoun_that_leans_back():
    assert leaning("Was it raining when the stage fell?") == "perhaps"


@pytest.mark.parametrize(
    "question",
    [
        "How hot did it get in Delhi?", "was it legal for the owner to lock the doors",
        "how come it took 20 years to finish the hall", "what did it say on the plaque",
        "How far is it to the nearest star?", "Is it me or is it hot?",
        "who directed the film them", "What happened to the dog that was lost?",
        "Did anyone that was on board live?",
    ],
)  # fmt: skip
def test_pronoun_that_stands_for_nothing_does_not_point_back(question: str):
    assert list(pointing(question)) == []


@pytest.mark.parametrize(
    "question", ["What did it say?", "who saw them", "When was that?", "Was it built for the army to use?"]
)
def test_pronoun_of_the_same_words_that_stands_for_something_points_back(question: str):
    assert len(list(pointing(question))) == 1
