"""What lies in an article is read whole, what lies beside it is left, and its facts are the page's."""

import json

import pytest

from qa.ingest.articles import read_articles
from qa.records import Article
from qa.reports import Skipped

FIRST = "The harbour board of Northport will vote on the new lighthouse next week, it said on Monday."
SECOND = "The tower is to be forty metres high and would replace the lamp of 1911, which fell into the sea."
THIRD = "The keeper of the old lamp, Ann Lee, said that she had waited for this vote for eleven long years."
FOURTH = "Fishermen asked the board to hear them first, as the light would shine into their windows at night."
ALL = (FIRST, SECOND, THIRD, FOURTH)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, head: str = "<title>Lighthouse vote</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def read(tmp_path, text: str) -> Article | Skipped:
    (tmp_path / "a.html").write_text(text)
    (one,) = read_articles([tmp_path / "a.html"])
    return one


def split(between: str) -> str:
    long = [f"{text} {text}" for text in ALL]
    return (
        f"<main><article><h1>Lighthouse vote</h1><div><div class='body chunk'>{paragraphs(*long[:2])}</div>"
        f"{between}<div class='chunk body'>{paragraphs(*long[2:])}</div></div></article></main>"
    )


@pytest.mark.parametrize(
    "between",
    [
        "<div class='ad'>Advertisement</div>",
        "<aside><h3>Most popular</h3><a href='/x'>Boat found on the sands of Norrby</a></aside>",
        "<div class='newsletter'><form>Sign up <input></form></div>",
    ],
)
def test_article_in_several_containers_is_read_whole_and_in_order(tmp_path, between):
    assert read(tmp_path, page(split(between))).text == "\n\n".join(f"{text} {text}" for text in ALL)


def test_comments_below_an_article_are_no_container_of_it(tmp_path):
    comments = "".join(
        f"<div class='comment'><p>I think that the board of Northport is wrong, {n}.</p></div>"
        for n in range(3)
    )
    body = f"<article><h1>Lighthouse vote</h1><div class='body'>{paragraphs(*ALL)}</div></article>{comments}"
    assert read(tmp_path, page(body)).text == "\n\n".join(ALL)


def test_table_that_lays_out_a_page_is_no_data(tmp_path):
    table = (
        f"<table><tr><td><img src='x'></td><td><h1>Lighthouse vote</h1>{paragraphs(*ALL)}</td></tr></table>"
    )
    assert read(tmp_path, page(table)).text == "\n\n".join(ALL)


def test_table_of_figures_stays_a_table(tmp_path):
    figures = "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>1911</td><td>40</td></tr></table>"
    body = f"<article><h1>Lighthouse vote</h1>{paragraphs(*ALL)}{figures}</article>"
    assert "1911 | 40" in read(tmp_path, page(body)).text


@pytest.mark.parametrize(
    "unseen",
    [
        "<span class='tooltip'>A board is a group of people that decides.</span>",
        "<p style='display: none'>Write a comment below, we are glad of every one.</p>",
        "<p hidden>Write a comment below, we are glad of every one.</p>",
        "<p><span role='tooltip'>A board is a group of people that decides.</span></p>",
        "<p class='visually-hidden'>Skip what stands here, it is for readers of screens.</p>",
    ],
)
def test_what_browsers_do_not_show_is_out(tmp_path, unseen):
    body = (
        f"<article><h1>Lighthouse vote</h1>{paragraphs(FIRST, SECOND)}{unseen}{paragraphs(THIRD)}</article>"
    )
    assert read(tmp_path, page(body)).text == "\n\n".join(ALL[:3])


def test_article_that_waits_for_its_script_is_read_though_hidden(tmp_path):
    body = f"<article style='display:none'><h1>Lighthouse vote</h1>{paragraphs(*ALL)}</article>"
    assert read(tmp_path, page(body)).text == "\n\n".join(ALL)


def test_lists_of_other_articles_and_buttons_are_out(tmp_path):
    links = "".join(f"<li><a href='/{n}'>Boat number {n} was found on the sands</a></li>" for n in range(5))
    body = f"<article><h1>Lighthouse vote</h1>{paragraphs(*ALL, 'Order reprints')}<ul>{links}</ul></article>"
    assert read(tmp_path, page(body)).text == "\n\n".join(ALL)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "404 - Page not found",
            "The page that you asked for is not here. Go to our front page and look again.",
        ),
        (
            "Before you continue",
            "We and our partners use cookies to show you what you may like. Agree to go on.",
        ),
        (
            "Log in | The Post",
            "Log in to your account with your address and your password to read this article.",
        ),
        (
            "Just a moment...",
            "Checking your browser before you may see the page. This takes five seconds or so.",
        ),
    ],
)
def test_pages_of_errors_consents_and_logins_are_no_articles(tmp_path, title, text):
    found = read(tmp_path, page(f"<h1>{title}</h1><p>{text}</p>", f"<title>{title}</title>"))
    assert isinstance(found, Skipped)
    assert found.why.startswith("This is no article but a page of an error, a login or a consent (")


def test_long_article_on_logins_is_read(tmp_path):
    body = f"<article><h1>Log in to vote, board says</h1>{paragraphs(*ALL, *ALL, *ALL)}</article>"
    assert read(tmp_path, page(body, "<title>Log in to vote, board says</title>")).text.startswith(FIRST)


def linked(**data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | data)}</script>'


ARTICLE = f"<article>{paragraphs(*ALL)}</article>"


@pytest.mark.parametrize(
    ("head", "source", "tags"),
    [
        (
            linked(publisher={"@type": "Corporation", "name": "The Post"}, keywords=["sea", "light"]),
            "The Post",
            ("sea", "light"),
        ),
        (linked(publisher=[{"name": "The Post"}], keywords="sea, light"), "The Post", ("sea", "light")),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "Firm", "@id": "#o", "name": "Post"},'
            ' {"@type": "Article", "publisher": {"@id": "#o"}}]}</script>',
            "Post",
            (),
        ),
        (
            '<meta property="og:site_name" content="Post">' + linked(publisher={"name": "Post Holding"}),
            "Post",
            (),
        ),
        ('<meta name="news_keywords" content="sea; light">', "", ("sea", "light")),
    ],
)
def test_publisher_and_keywords_are_read(tmp_path, head, source, tags):
    article = read(tmp_path, page(ARTICLE, f"<title>Vote</title>{head}"))
    assert (article.source, article.tags) == (source, tags)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Lighthouse vote - The Post</title>", "<h1>The Post</h1><h3>Lighthouse vote</h3>"),
        ("<title>Lighthouse vote | The Post</title>", "<h1>The Post</h1>"),
        (
            "<title>The Post</title><meta property='og:site_name' content='The Post'>"
            "<meta property='og:title' content='The Post'>",
            "<h1>Lighthouse vote</h1>",
        ),
        ("<title>x</title>" + linked(headline="Lighthouse vote"), "<h1>x</h1>"),
        ("<title>Lighthouse vote – The Post</title>", "<div><h1>Lighthouse vote</h1></div>"),
    ],
)
def test_name_of_the_site_is_no_title(tmp_path, head, body):
    article = read(tmp_path, page(f"{body}<div>{paragraphs(*ALL)}</div>", head))
    assert article.title == "Lighthouse vote"


SITE = "<title>Elden Post</title>"
BANNER = "<header><h1>Elden Post</h1></header>"


@pytest.mark.parametrize(
    ("head", "above", "opening"),
    [
        ("<meta property='og:title' content='Lighthouse vote is near'>", "<h1>Elden Post</h1>", ""),
        (linked(headline="Lighthouse vote is near"), "<h1>Elden Post</h1>", ""),
        ("", BANNER, "<h2>Lighthouse vote is near</h2>"),
        ("", "<h1><a href='/'>Elden Post</a></h1>", "<h1>Lighthouse vote is near</h1>"),
        ("<meta property='og:site_name' content='Elden Post'>", "<h1>Elden Post</h1><h2>News</h2>",
         "<h2>Lighthouse vote is near</h2>"),
        ("<link rel='canonical' href='https://www.eldenpost.example/2024/lighthouse-vote-is-near.html'>",
         "<h1>Elden Post</h1>", ""),
        ("", "", f"<p>{ALL[0]}</p><h1>Lighthouse vote is near to the end</h1>"),  # below a paragraph
    ],
)  # fmt: skip
def test_page_whose_title_and_heading_are_its_sites_has_the_title_of_its_article(
    tmp_path, head, above, opening
):
    article = read(tmp_path, page(f"{above}<article>{opening}{paragraphs(*ALL)}</article>", SITE + head))
    assert article.title.removesuffix(" to the end") == "Lighthouse vote is near"


def test_heading_of_a_page_stays_its_title_where_the_article_has_none_above_its_text(tmp_path):
    text = f"<article><p>{ALL[0]}</p><h2>The lamp of the old tower</h2>{paragraphs(*ALL[1:])}</article>"
    assert read(tmp_path, page(BANNER + text, SITE)).title == "Elden Post"


@pytest.mark.parametrize("useless", ["0001-01-01T00:00:00Z", "TBD", "", "1970-01-01T00:00:00Z", "2999-01-01"])
def test_useless_date_does_not_shadow_a_good_one(tmp_path, useless):
    head = '<meta property="article:published_time" content="2024-04-29T08:00:00Z">' + linked(
        datePublished=useless
    )
    assert f"{read(tmp_path, page(ARTICLE, head)).published:%Y-%m-%d %H:%M}" == "2024-04-29 08:00"


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{paragraphs(*ALL)}<p>The lamp was built in 1911, and again on 3 May 1987.</p></article>",
        f"<article>{paragraphs(*ALL)}<div itemprop='itemReviewed'><span itemprop='datePublished'"
        " content='2019-05-03'></span></div></article>",
    ],
)
def test_no_date_is_made_of_prose_or_of_a_reviewed_claim(tmp_path, body):
    assert read(tmp_path, page(body)).published is None


def test_address_names_the_day_of_a_page(tmp_path):
    head = '<link rel="canonical" href="https://post.example/2024/04/29/vote">'
    assert f"{read(tmp_path, page(ARTICLE, head)).published:%Y-%m-%d}" == "2024-04-29"


@pytest.mark.parametrize(
    "heading", ["Log in to continue reading", "We value your privacy", "Please sign in to read this article"]
)
def test_heading_of_a_login_or_consent_refuses_a_page_that_bears_the_article_s_title(tmp_path, heading):
    rest = "You may click to accept our terms, or register here to read this article. Already a subscriber?"
    head = "<head><title>Lamp falls | Post</title></head>"
    (tmp_path / "a.html").write_text(f"<html>{head}<body><h1>{heading}</h1><p>{rest}</p></body></html>")
    (fault,) = read_articles([tmp_path / "a.html"])
    assert fault.why == f"This is no article but a page of an error, a login or a consent ({heading!r})."


@pytest.mark.parametrize(
    ("address", "day"),
    [("https://p.example/lamp", "2024-04-02"), ("https://p.example/2023/05/01/lamp", "2023-05-01")],
)
def test_day_of_the_last_change_counts_where_nothing_says_when_a_page_was_published(tmp_path, address, day):
    linked = {"@type": "NewsArticle", "datePublished": "0001-01-01", "dateModified": "2024-04-02T10:00:00Z"}
    body = "The lamp of the old pier fell into the sea on Monday, and nobody was hurt, the keeper of it said."
    (tmp_path / "a.html").write_text(
        f'<html><head><link rel="canonical" href="{address}"><script type="application/ld+json">'
        f"{json.dumps(linked)}</script></head><body><article><h1>Lamp falls</h1>"
        f"<p>{body}</p></article></body></html>"
    )
    (article,) = read_articles([tmp_path / "a.html"])
    assert f"{article.published:%Y-%m-%d}" == day
