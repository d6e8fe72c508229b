"""The page's scripts hold nothing of any article, and cannot be left by what they say."""

from page.html import layout, live
from qa.records import Reply


def test_script_that_speaks_is_another_one_every_time():
    first, second = live.say("1 answer", 1), live.say("1 answer", 2)
    assert first != second
    assert 'live.textContent = "1 answer" +' in first


def test_words_cannot_end_the_script():
    assert live.say('</script><b>"', 1).count("</script>") == 1


def test_reply_is_said_without_any_word_of_an_article(reply: Reply, not_found: Reply):
    assert layout.in_one_line(reply) == "1 answer, likely, 83 %"
    assert layout.in_one_line(not_found) == "No answer that I am sure of. Best guess"
    assert layout.in_one_line(Reply("Who?", (), ())) == "No answer that I am sure of"
