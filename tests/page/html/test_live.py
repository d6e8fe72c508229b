"""The page's scripts hold nothing of any article, and cannot be left by what they say."""

import re
from dataclasses import replace

from qa.page.html import layout, live
from qa.records import Reply, UnknownName


def test_script_that_speaks_is_another_one_every_time():
    first, second = live.say("1 answer", 1), live.say("1 answer", 2)
    assert first != second
    assert 'live.textContent = "1 answer" +' in first


def test_words_cannot_end_the_script():
    assert live.say('</script><b>"', 1).count("</script>") == 1


def shown(reply: Reply) -> list[str]:
    """Return the headings that stand above the reply's cards."""
    return re.findall(
        r"<h2>([^<]*)</h2>",
        "".join(section.html for section in layout.unknown(reply) or layout.answered(reply)),
    )


def test_what_is_said_begins_with_the_heading_that_is_shown(reply: Reply, not_found: Reply):
    (best,) = reply.answers
    near = replace(reply, answers=(best, replace(best, start=0, end=14, confidence=0.8)))
    far = replace(reply, answers=(best, replace(best, start=0, end=14, confidence=0.1)))
    nothing = Reply("Who?", (), ())
    elsewhere = replace(nothing, unknown=(UnknownName("source", "Reutrs", ("Reuters",)),))
    for one, said in (
        (reply, "Answer, likely, 83 %"),
        (near, "2 answers, likely, 83 %"),
        (far, "Answer, likely, 83 %"),
        (not_found, "No answer that I am sure of. Best guess"),
        (nothing, "Not found in this archive"),
        (elsewhere, "This archive has no source “Reutrs”. Did you mean Reuters?"),
    ):
        assert layout.in_one_line(one) == said
        assert shown(one) == [layout.headline(one)]
        assert said.startswith(layout.headline(one))
