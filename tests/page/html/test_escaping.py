"""Hostile text comes out as the text it is."""

import pytest
from markdown_it import MarkdownIt

from qa.page.html.cards import quiet
from qa.page.html.escaping import label
from qa.page.html.templates import FOLDER, macro
from qa.text.display import safe_href

RIGHT_TO_LEFT_OVERRIDE = "\u202e"


def escape(text: str) -> str:
    """Return the text as a template inserts it."""
    return quiet(text).removeprefix('<p class="qa-quiet">').removesuffix("</p>")


def test_no_template_lets_text_pass_unescaped():
    templates = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.html")}
    assert set(templates) >= {"parts.html", "cards.html", "article.html", "browsing.html"}
    assert [name for name, text in templates.items() if "safe" in text or "autoescape" in text] == []


def test_script_is_shown_as_text():
    assert escape("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_quotes_cannot_leave_an_attribute():
    assert escape("\" onload='x") == "&#34; onload=&#39;x"


def test_direction_overrides_and_control_characters_are_left_out():
    assert escape(f"a{RIGHT_TO_LEFT_OVERRIDE}001\u202c\u2066b\u2069\x00\x9bc") == "a001bc"


def test_ordinary_direction_marks_line_ends_and_emoji_stay():
    assert escape("ש\u200f!\n👩\u200d🚀\té") == "ש\u200f!\n👩\u200d🚀\té"


def test_name_is_isolated_from_the_direction_of_its_neighbours():
    assert macro("parts.html", "isolate")("הארץ & co") == '<bdi dir="auto">הארץ &amp; co</bdi>'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/etc/passwd",
        "https://",
        "http://[broken",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str):
    assert safe_href(url) is None


def test_web_address_cannot_leave_its_attribute():
    assert safe_href('https://example.org/a"><script>') == "https://example.org/a%22%3E%3Cscript%3E"


def test_web_address_keeps_its_query_and_its_escapes():
    assert safe_href("HTTPS://example.org/a%20b?x=1&y=é") == "HTTPS://example.org/a%20b?x=1&y=%C3%A9"


@pytest.mark.parametrize(
    "text",
    [
        "file.csv:12: a *bold* `name` <b>x</b> [a](javascript:x) ![i](x) $x$ :red[danger] # no",
        "1. not a list",
        "> no quote",
        "C:\\Users\\me\\file_name.txt",
        "&lt; &copy; ~~no~~ ==no== | a | b |",
    ],
)
def test_label_reads_the_same_after_markdown(text: str):
    assert MarkdownIt().renderInline(label(text)) == escape(text).replace("&#34;", "&quot;").replace(
        "&#39;", "'"
    )


def test_label_is_one_line():
    assert label("two\n\nlines \u202e") == "two lines"


@pytest.mark.parametrize("code", ["smile", "100", "+1", "material/home", "8ball"])
def test_shortcode_in_a_label_is_broken_up(code: str):
    assert label(f"a:{code}:b").replace("\\", "") == f"a:\u2060{code}:b"
