"""Texts as they are found, and what is kept of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.cleaning import clean_line, clean_text

# Pieces that have tripped cleaners: tags, entities, quotes, mojibake, direction marks, line ends.
PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "&amp;",
        "&lt;",
        "&gt;",
        "&#38;",
        "&",
        ";",
        "lt;",
        "<",
        ">",
        '"',
        '""',
        "â€™",
        "Ã©",
        "\u202e",
        "\u200b",
        "\r\n",
        "\n\n",
        "\n",
        "\t",
        "\x00",
        "\ud800",
        "\u0301",
        "e",
        "a word ",
        "5 <six",
        "\xa0",
        "\x85",
        "'",
        "<a href='",
        "x=1>",
        "é”",
    ]
)
MESSY = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)


@given(MESSY)
def test_cleaning_a_clean_text_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once


@given(MESSY)
def test_cleaning_a_clean_line_changes_nothing_and_leaves_one_line(text):
    once = clean_line(text)
    assert clean_line(once) == once
    assert "\n" not in once


@given(st.text())
def test_no_text_makes_cleaning_raise_or_leaves_what_no_file_could_hold(text):
    clean_text(text).encode("utf-8")


@given(st.lists(st.from_regex(r"[A-Za-z]{2,9}( [a-z]{2,9}){1,4}\.", fullmatch=True), min_size=1, max_size=5))
def test_plain_paragraphs_stay_as_they_are(paragraphs):
    assert clean_text("\n\n".join(paragraphs)) == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        "a < b and 5 > 3",
        "x <b and c> y",
        "I <3 you, AT&T; R&D",
        "if 5 <six and seven> 3",
        "f('<tag>')",
        "<",
        "&",
        'an empty "" stays',
        'print("")',
        "H₂O is x² ﬁne ½",
        "नमस्ते",
        "مرحبا بالعالم",
        "안녕하세요 여러분",
        "👩‍👩‍👧 family",
        "می‌خواهم",
        "?a=1&copy=2",
    ],
)
def test_text_that_only_looks_like_remains_is_left_alone(text):
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
        ("One.<br><br/>Two.", "One.\n\nTwo."),
        ("<p>One\nline of <b>bold</b> words.</p>", "One line of bold words."),
        ("&lt;p&gt;Twice escaped&lt;/p&gt;", "Twice escaped"),
        ("&amp;amp;lt;b&amp;amp;gt;deep", "deep"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("Before<script>alert('<p>x</p>')</script> after", "Before after"),
        ('<style>p{color:red}</style><p onclick="a>b">Text</p>', "Text"),
        ("Cut <script>var a = 1;\nNext line", "Cut\n\nNext line"),
        ("The <iframe src='x'> never ends", "The never ends"),
        ("a <!-- hidden <p>x</p> --> b", "a b"),
        ("if a < b: <i>then</i> 5 > 3", "if a < b: then 5 > 3"),
        ("<amp-img src=x></amp-img><p>k</p>", "k"),
        ("caf&eacute; &#8364;5 &#x27;so&#x27;", "café €5 'so'"),
    ],
)
def test_html_becomes_text_with_its_paragraphs(found, kept):
    assert clean_text(found) == kept


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (
            'could involve ""significant quantities"" of munitions',
            'could involve "significant quantities" of munitions',
        ),
        ('""Yes,"" she said. ""No.""', '"Yes," she said. "No."'),
        ('""One.\n\n""Two.""', '"One.\n\n"Two."'),
        ('he is 5\'10""', "he is 5'10\""),
        ('"""Thrice"""', '"Thrice"'),
    ],
)
def test_doubled_csv_quotes_become_single(found, kept):
    assert clean_text(found) == kept


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("Itâ€™s the cafÃ©", "It’s the café"),
        ("sound “é” line\nbroken â€œlineâ€\x9d", "sound “é” line\n\nbroken “line”"),
        ("it\x92s C1", "it’s C1"),
        ("a\r\nb\rc\u2028d\x0be", "a\n\nb\n\nc\n\nd\n\ne"),
        ("a\u202eb\u202c \u2066c\u2069 d\u200be\ufeff\u00adf\x07", "ab c def"),
        ("  a \t\xa0 b\u3000c  ", "a b c"),
        ("a\n \n\t\n\n\nb", "a\n\nb"),
        ("e\u0301", "é"),
        ("\ud83d\ude00 \ud800x", "😀 x"),
    ],
)
def test_characters_are_mended(found, kept):
    assert clean_text(found) == kept


def test_lines_wrapped_at_a_width_are_joined_and_other_lines_are_paragraphs():
    wrapped = (
        "The council met on Tuesday evening to talk about the new\n"
        "bridge over the river, which has been planned for twenty\n"
        "years and was never built, as the money went elsewhere and\n"
        "nobody asked."
    )
    assert clean_text(wrapped) == wrapped.replace("\n", " ")
    assert clean_text("One.\nTwo.\nThree.") == "One.\n\nTwo.\n\nThree."


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["<div>", "<!-- ", "<script ", "<a x ", '<a x="', "&amp;", "<![CDATA[", "<?x ", '""', "\r", " \n", "Ã©"],
)
def test_megabytes_of_what_never_closes_are_cleaned_in_seconds(piece):
    assert clean_text(piece * (2_000_000 // len(piece)) + "\nthe last line").endswith("the last line")
