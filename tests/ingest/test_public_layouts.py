"""Answers and files of public news sources, built anew from their documented layouts: what each must give."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from qa.ingest.articles import read_articles
from qa.records import Article

LAMP = "The lamp of the old pier fell into the sea on Monday, and nobody was hurt, the keeper said."
BOAT = "A red boat sank beside the pier on Tuesday. Its two sailors swam to the shore of Norrby."
URL = "https://gazette.example/2023/05/01/lamp"
URL_TWO = "https://post.example/2023/05/02/boat"

NEWS_API = {
    "status": "ok",
    "totalResults": 2,
    "articles": [
        {
            "source": {"id": "coast-gazette", "name": "Coast Gazette"},
            "author": "Ann Lee",
            "title": "Lamp falls - Coast Gazette",
            "description": "A lamp fell.",
            "url": URL,
            "urlToImage": "https://gazette.example/lamp.jpg",
            "publishedAt": "2023-05-01T10:00:00Z",
            "content": f"{LAMP} [+1834 chars]",
        },
        {
            "source": {"id": None, "name": "Pier Post"},
            "author": None,
            "title": "Boat sinks",
            "description": BOAT,
            "url": URL_TWO,
            "urlToImage": None,
            "publishedAt": "2023-05-02T07:30:00Z",
            "content": None,
        },
    ],
}
NYT_ARCHIVE = {
    "copyright": "Copyright (c) 2023 The New York Times Company. All Rights Reserved.",
    "response": {
        "docs": [
            {
                "abstract": "The old lamp of the pier is gone, and the town will vote on another one.",
                "web_url": URL,
                "snippet": "The old lamp of the pier is gone.",
                "lead_paragraph": LAMP,
                "print_section": "A",
                "print_page": "7",
                "source": "The New York Times",
                "multimedia": [{"rank": 0, "subtype": "wide", "caption": None, "url": "images/lamp.jpg"}],
                "headline": {"main": "Lamp Falls", "kicker": None, "print_headline": "A Lamp Falls"},
                "keywords": [
                    {"name": "subject", "value": "Piers", "rank": 1, "major": "N"},
                    {"name": "glocations", "value": "Elden", "rank": 2, "major": "N"},
                ],
                "pub_date": "2023-05-01T10:00:00+0000",
                "document_type": "article",
                "news_desk": "Metro",
                "section_name": "New York",
                "byline": {
                    "original": "By Ann Lee",
                    "person": [{"firstname": "Ann", "lastname": "Lee", "rank": 1}],
                    "organization": None,
                },
                "type_of_material": "News",
                "_id": "nyt://article/11111111-2222",
                "word_count": 412,
                "uri": "nyt://article/11111111-2222",
            }
        ],
        "meta": {"hits": 1},
    },
}
GUARDIAN = {
    "response": {
        "status": "ok",
        "userTier": "developer",
        "total": 1,
        "startIndex": 1,
        "pageSize": 10,
        "results": [
            {
                "id": "uk-news/2023/may/01/lamp-falls",
                "type": "article",
                "sectionId": "uk-news",
                "sectionName": "UK news",
                "webPublicationDate": "2023-05-01T10:00:00Z",
                "webTitle": "Lamp falls",
                "webUrl": URL,
                "apiUrl": "https://content.gazette.example/lamp",
                "fields": {
                    "headline": "Lamp falls",
                    "trailText": "A lamp fell.",
                    "byline": "Ann Lee",
                    "body": f"<p>{LAMP}</p>",
                    "bodyText": LAMP,
                    "wordcount": "18",
                    "publication": "The Guardian",
                },
                "tags": [
                    {"id": "uk/piers", "type": "keyword", "webTitle": "Piers", "sectionId": "uk-news"},
                    {"id": "profile/annlee", "type": "contributor", "webTitle": "Ann Lee"},
                ],
                "isHosted": False,
                "pillarName": "News",
            }
        ],
    }
}
GNEWS = {
    "totalArticles": 1,
    "articles": [
        {
            "title": "Lamp falls",
            "description": "A lamp fell.",
            "content": f"{LAMP}... [912 chars]",
            "url": URL,
            "image": "https://gazette.example/lamp.jpg",
            "publishedAt": "2023-05-01T10:00:00Z",
            "source": {"name": "Coast Gazette", "url": "https://gazette.example"},
        }
    ],
}
EVENT_REGISTRY = {
    "articles": {
        "page": 1,
        "totalResults": 1,
        "pages": 1,
        "count": 100,
        "results": [
            {
                "uri": "7512345678",
                "lang": "eng",
                "isDuplicate": False,
                "date": "2023-05-01",
                "time": "10:00:00",
                "dateTime": "2023-05-01T10:00:00Z",
                "dateTimePub": "2023-05-01T09:58:00Z",
                "dataType": "news",
                "sim": 0.87,
                "url": URL,
                "title": "Lamp falls",
                "body": LAMP,
                "source": {"uri": "gazette.example", "dataType": "news", "title": "Coast Gazette"},
                "authors": [{"uri": "ann_lee@gazette.example", "name": "Ann Lee", "type": "author"}],
                "image": "https://gazette.example/lamp.jpg",
                "eventUri": "eng-8512345",
                "sentiment": -0.2,
                "wgt": 420,
                "relevance": 100,
            }
        ],
    }
}
WEBZ = {
    "thread": {
        "uuid": "aa11",
        "url": URL,
        "site_full": "www.gazette.example",
        "site": "gazette.example",
        "site_section": "https://gazette.example/news",
        "site_categories": ["media"],
        "section_title": "News of the coast",
        "title": "Lamp falls",
        "title_full": "Lamp falls",
        "published": "2023-05-01T10:00:00.000+03:00",
        "replies_count": 0,
        "participants_count": 1,
        "site_type": "news",
        "country": "GB",
        "main_image": "https://gazette.example/lamp.jpg",
        "social": {"facebook": {"likes": 0, "shares": 0}},
    },
    "uuid": "aa11",
    "url": URL,
    "ord_in_thread": 0,
    "author": "Ann Lee",
    "published": "2023-05-01T10:00:00.000+03:00",
    "title": "Lamp falls",
    "text": LAMP,
    "language": "english",
    "entities": {"persons": [{"name": "ann lee"}], "organizations": [], "locations": []},
    "external_links": [],
    "rating": None,
    "crawled": "2023-05-03T11:12:13.000+03:00",
}
NEWS_PLEASE = {
    "authors": ["Ann Lee"],
    "date_download": "2023-05-03 11:12:13",
    "date_modify": "2023-05-01 12:00:00",
    "date_publish": "2023-05-01 10:00:00",
    "description": "A lamp fell.",
    "filename": "https%3A%2F%2Fgazette.example%2Flamp.json",
    "image_url": "https://gazette.example/lamp.jpg",
    "language": "en",
    "localpath": None,
    "maintext": LAMP,
    "source_domain": "gazette.example",
    "title": "Lamp falls",
    "title_page": None,
    "title_rss": None,
    "url": URL,
}
HUFFPOST = [
    {
        "link": URL,
        "headline": "A Lamp Of The Old Pier Falls Into The Sea",
        "category": "U.S. NEWS",
        "short_description": LAMP,
        "authors": "Ann Lee, Bo Ek",
        "date": "2023-05-01",
    },
    {
        "link": URL_TWO,
        "headline": "A Red Boat Sinks Beside The Pier",
        "category": "WORLD NEWS",
        "short_description": "",
        "authors": "",
        "date": "2023-05-02",
    },
]
MEDIA_CLOUD = (
    "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    f"aa11,2023-05-03 11:12:13,en,gazette.example,gazette.example,2023-05-01,"
    f"The lamp of the old pier falls into the sea,{URL}\n"
    "bb22,2023-05-03 11:12:14,en,post.example,post.example,2023-05-02,"
    f"A red boat sinks beside the pier,{URL_TWO}\n"
)
CURRENTS = {
    "status": "ok",
    "news": [
        {
            "id": "e1749cf0-8a49-4729-88b2-e5b4d03464ce",
            "title": "Lamp falls",
            "description": LAMP,
            "url": URL,
            "author": "Ann Lee",
            "image": "None",
            "language": "en",
            "category": ["regional"],
            "published": "2023-05-01 10:00:00 +0000",
        }
    ],
}
MEDIASTACK = {
    "pagination": {"limit": 100, "offset": 0, "count": 1, "total": 1},
    "data": [
        {
            "author": "Ann Lee",
            "title": "Lamp falls",
            "description": LAMP,
            "url": URL,
            "source": "Coast Gazette",
            "image": None,
            "category": "general",
            "language": "en",
            "country": "gb",
            "published_at": "2023-05-01T10:00:00+00:00",
        }
    ],
}
GDELT = {
    "articles": [
        {
            "url": URL,
            "url_mobile": "",
            "title": "The lamp of the old pier falls into the sea",
            "seendate": "20230501T100000Z",
            "socialimage": "https://gazette.example/lamp.jpg",
            "domain": "gazette.example",
            "language": "English",
            "sourcecountry": "United Kingdom",
        }
    ]
}


def warc() -> bytes:
    """Return a record as Common Crawl's news crawl writes it: no request data, the page as it was sent."""
    page = (
        "<html><head><title>Lamp falls</title><meta property='article:published_time' "
        "content='2023-05-01T10:00:00Z'><meta property='og:site_name' content='Coast Gazette'></head><body>"
        f"<article><h1>Lamp falls</h1><p>{LAMP}</p><p>{BOAT} The town will vote on a new lamp in autumn.</p>"
        "</article></body></html>"
    )
    reply = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    info = b"software: crawler\r\n"
    parts = []
    for kind, content_type, body, more in (
        ("warcinfo", "application/warc-fields", info, ""),
        ("response", "application/http; msgtype=response", reply, f"WARC-Target-URI: {URL}\r\n"),
    ):
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2023-05-03T11:12:13Z\r\n{more}"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{len(parts):012}>\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        parts.append(gzip.compress(head.encode() + body + b"\r\n\r\n"))
    return b"".join(parts)


def in_lines(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...], str]
LAYOUTS: dict[str, tuple[str, bytes, list[Row]]] = {
    "NewsAPI": (
        "newsapi.json",
        json.dumps(NEWS_API).encode(),
        [
            ("Lamp falls", "2023-05-01 10:00", "Coast Gazette", ("Ann Lee",), (), f"A lamp fell.\n\n{LAMP}…"),
            ("Boat sinks", "2023-05-02 07:30", "Pier Post", (), (), BOAT),
        ],
    ),
    "NYT Archive API": (
        "2023-05.json",
        json.dumps(NYT_ARCHIVE).encode(),
        [
            (
                "Lamp Falls",
                "2023-05-01 10:00",
                "The New York Times",
                ("Ann Lee",),
                ("Piers", "Elden"),
                f"{NYT_ARCHIVE['response']['docs'][0]['abstract']}\n\n{LAMP}",
            )
        ],
    ),
    "Guardian Content API": (
        "guardian.json",
        json.dumps(GUARDIAN).encode(),
        [
            (
                "Lamp falls",
                "2023-05-01 10:00",
                "The Guardian",
                ("Ann Lee",),
                ("Piers",),
                f"A lamp fell.\n\n{LAMP}",
            )
        ],
    ),
    "GNews": (
        "gnews.json",
        json.dumps(GNEWS).encode(),
        [("Lamp falls", "2023-05-01 10:00", "Coast Gazette", (), (), f"A lamp fell.\n\n{LAMP}…")],
    ),
    "EventRegistry": (
        "eventregistry.json",
        json.dumps(EVENT_REGISTRY).encode(),
        [("Lamp falls", "2023-05-01 10:00", "Coast Gazette", ("Ann Lee",), (), LAMP)],
    ),
    "webz.io": (
        "webz.jsonl",
        in_lines(WEBZ),
        [("Lamp falls", "2023-05-01 07:00", "gazette.example", ("Ann Lee",), (), LAMP)],
    ),
    "news-please": (
        "lamp.json",
        json.dumps(NEWS_PLEASE).encode(),
        [
            (
                "Lamp falls",
                "2023-05-01 10:00",
                "gazette.example",
                ("Ann Lee",),
                (),
                f"A lamp fell.\n\n{LAMP}",
            )
        ],
    ),
    "CC-News": (
        "CC-NEWS-20230503.warc.gz",
        warc(),
        [
            (
                "Lamp falls",
                "2023-05-01 10:00",
                "Coast Gazette",
                (),
                (),
                f"{LAMP}\n\n{BOAT} The town will vote on a new lamp in autumn.",
            )
        ],
    ),
    "HuffPost": (
        "News_Category_Dataset.json",
        in_lines(*HUFFPOST),
        [
            (
                "A Lamp Of The Old Pier Falls Into The Sea",
                "2023-05-01 00:00",
                "gazette.example",
                ("Ann Lee", "Bo Ek"),
                ("U.S. NEWS",),
                LAMP,
            ),
            (
                "A Red Boat Sinks Beside The Pier",
                "2023-05-02 00:00",
                "post.example",
                (),
                ("WORLD NEWS",),
                "A Red Boat Sinks Beside The Pier",
            ),
        ],
    ),
    "MediaCloud": (
        "mc-content.csv",
        MEDIA_CLOUD.encode(),
        [
            (
                "The lamp of the old pier falls into the sea",
                "2023-05-01 00:00",
                "gazette.example",
                (),
                (),
                "The lamp of the old pier falls into the sea",
            ),
            (
                "A red boat sinks beside the pier",
                "2023-05-02 00:00",
                "post.example",
                (),
                (),
                "A red boat sinks beside the pier",
            ),
        ],
    ),
    "Currents": (
        "currents.json",
        json.dumps(CURRENTS).encode(),
        [("Lamp falls", "2023-05-01 10:00", "gazette.example", ("Ann Lee",), ("regional",), LAMP)],
    ),
    "mediastack": (
        "mediastack.json",
        json.dumps(MEDIASTACK).encode(),
        [("Lamp falls", "2023-05-01 10:00", "Coast Gazette", ("Ann Lee",), ("general",), LAMP)],
    ),
    "GDELT": (
        "gdelt.json",
        json.dumps(GDELT).encode(),
        [
            (
                "The lamp of the old pier falls into the sea",
                "2023-05-01 10:00",
                "gazette.example",
                (),
                (),
                "The lamp of the old pier falls into the sea",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_read_field_by_field(tmp_path: Path, name: str):
    file, content, expected = LAYOUTS[name]
    (tmp_path / file).write_bytes(content)
    articles = [one for one in read_articles([tmp_path / file]) if isinstance(one, Article)]
    assert [row(one) for one in articles] == expected
    assert [one.url for one in articles] == [URL, URL_TWO][: len(expected)]


def row(one: Article) -> Row:
    moment = f"{one.published:%Y-%m-%d %H:%M}" if one.published else ""
    return one.title, moment, one.source, one.authors, one.tags, one.text
