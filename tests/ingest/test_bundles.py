"""Files of many articles: every one comes out by itself, and what is no article is said."""

import io
import json
import tarfile
import zipfile
from email.message import EmailMessage

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from qa.ingest.articles import read_articles
from qa.ingest.bundles.wordpress import without_shortcodes
from qa.records import Article
from qa.reports import Skipped

LAMP = "The lamp of the old pier fell into the sea on Monday, and nobody was hurt, the keeper said."
BOAT = "A red boat was found on the sands of Norrby on Tuesday, and its two sailors are well."


def read(tmp_path, data: str | bytes, name: str) -> list[Article | Skipped]:
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_articles([tmp_path / name]))


def told(found) -> list[str]:
    return [one.title if isinstance(one, Article) else f"left out: {one.why}" for one in found]


OLD_NEXIS = "\n".join(
    f"""


                               {n} of 2 DOCUMENTS


                              Coast Gazette (Elden)

                             May {n}, 2023 Monday

{title}

BYLINE: Ann Lee

SECTION: NEWS; Pg. {n}

LENGTH: 17 words

HIGHLIGHT: It had burned since 1911.

{text}

LOAD-DATE: May {n}, 2023

LANGUAGE: ENGLISH

                      Copyright 2023 Gazette Press
                              All Rights Reserved
"""
    for n, title, text in ((1, "Lamp falls", LAMP), (2, "Boat found", BOAT))
)


def test_old_form_of_nexis_is_split_and_its_highlight_comes_first(tmp_path):
    one, two = read(tmp_path, OLD_NEXIS, "a.txt")
    assert (one.title, one.source, one.authors) == ("Lamp falls", "Coast Gazette (Elden)", ("Ann Lee",))
    assert (one.text, f"{one.published:%d.%m.%Y}") == (f"It had burned since 1911.\n\n{LAMP}", "01.05.2023")
    assert (two.title, two.text) == ("Boat found", f"It had burned since 1911.\n\n{BOAT}")


def test_edition_below_the_date_is_no_part_of_the_headline(tmp_path):
    text = OLD_NEXIS.replace(" Monday\n", " Monday\n                           Late Edition - Final\n")
    assert told(read(tmp_path, text, "a.txt")) == ["Lamp falls", "Boat found"]


def test_codes_of_factiva_may_stand_before_a_tab_and_before_the_number(tmp_path):
    text = "".join(
        f"HD\t{title}\nWC\t17 words\nPD\t{n} May 2023\nSN\tCoast Gazette\n"
        f"LP\t\n{body}\n\nTD\t\nSo it was.\n\n"
        f"AN\tDocument COGAZ00020230501ej510000{n}\n\n"
        for n, title, body in ((1, "Lamp falls", LAMP), (2, "Boat found", BOAT))
    )
    one, two = read(tmp_path, text, "a.txt")
    assert (one.id, one.title, one.source) == ("COGAZ00020230501ej5100001", "Lamp falls", "Coast Gazette")
    assert (two.title, two.text, f"{two.published:%d.%m.%Y}") == (
        "Boat found",
        f"{BOAT}\n\nSo it was.",
        "02.05.2023",
    )


def test_place_behind_the_name_of_a_proquest_publication_is_no_part_of_it(tmp_path):
    text = "".join(
        f"{'_' * 60}\n\nDocument {n} of 2\n\nTitle {n}\n\nFull text: {body}\n\n"
        "Publication title: Coast Gazette (Online); Elden, N.Y.\n\nPublication date: May 2, 2023\n\n"
        for n, body in ((1, LAMP), (2, BOAT))
    )
    assert [one.source for one in read(tmp_path, text, "a.txt")] == ["Coast Gazette (Online)"] * 2


def test_lines_of_reuters_end_at_a_width_and_not_where_paragraphs_end(tmp_path):
    text = (
        '<REUTERS NEWID="1"><DATE>1-MAY-1987 10:00:00.00</DATE><TEXT>&#2;<TITLE>LAMP FALLS</TITLE>'
        "<BODY>The lamp of\nthe old pier fell into the sea.\n    It had burned\nsince 1911.\n Reuter\n&#3;"
        "</BODY></TEXT></REUTERS>"
        '<REUTERS NEWID="2"><DATE>1-MAY-1987 10:00:00.00</DATE><TEXT TYPE="UNPROC">&#2;\n'
        "******BOAT FOUND\nTwo sailors of the boat\nare well.\n&#3;</TEXT></REUTERS>"
    )
    one, two = read(tmp_path, text, "a.sgm")
    assert one.text == "The lamp of the old pier fell into the sea.\n\nIt had burned since 1911."
    assert (two.title, two.text) == ("BOAT FOUND", "Two sailors of the boat are well.")


def test_post_of_wordpress_has_its_text_though_an_empty_excerpt_stands_below(tmp_path):
    post = (
        "<item><title>{title}</title><dc:creator>alee</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        "<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded><wp:status>publish</wp:status>"
        "<wp:post_type>post</wp:post_type></item>"
    )
    text = (
        '<rss xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><title>Coast Gazette</title><wp:author><wp:author_login>alee</wp:author_login>"
        "<wp:author_display_name>Ann Lee</wp:author_display_name></wp:author>"
        + post.format(title="Lamp falls", body=LAMP, excerpt="")
        + post.format(title="Boat found", body=BOAT, excerpt="All is well.")
        + "</channel></rss>"
    )
    one, two = read(tmp_path, text, "a.xml")
    assert (one.title, one.text, one.source, one.authors) == (
        "Lamp falls",
        LAMP,
        "Coast Gazette",
        ("Ann Lee",),
    )
    assert (two.title, two.text) == ("Boat found", f"All is well.\n\n{BOAT}")


def test_lead_that_the_whole_text_of_an_nitf_repeats_is_read_once_and_cells_stay_apart(tmp_path):
    text = (
        '<nitf><head><docdata><identified-content><classifier type="descriptor">Piers</classifier>'
        "</identified-content></docdata></head><body><body.head><hedline><hl1>Lamp falls</hl1></hedline>"
        f'</body.head><body.content><block class="lead_paragraph"><p>{LAMP}</p></block>'
        f'<block class="full_text"><p>{LAMP}</p>'
        "<table><tr><td>Year</td><td>1911</td></tr></table></block></body.content></body></nitf>"
    )
    (article,) = read(tmp_path, text, "a.xml")
    assert (article.text, article.tags) == (f"{LAMP}\n\nYear 1911", ("Piers",))


def test_main_headline_and_body_of_ninjs_are_taken_of_their_roles(tmp_path):
    item = {
        "uri": "urn:1",
        "pubstatus": "usable",
        "by": "Ann Lee",
        "headlines": [{"role": "short", "value": "Lamp"}, {"role": "main", "value": "Lamp falls"}],
        "bodies": [{"role": "main", "contenttype": "text/html", "value": f"<p>{LAMP}</p><p>{BOAT}</p>"}],
        "infosources": [{"name": "Coast Wire"}],
        "firstcreated": "2023-05-01T10:00:00Z",
    }
    (article,) = read(tmp_path, json.dumps(item), "a.json")
    assert (article.title, article.text, article.source) == ("Lamp falls", f"{LAMP}\n\n{BOAT}", "Coast Wire")
    assert (article.authors, f"{article.published:%H:%M}") == (("Ann Lee",), "10:00")


def test_export_is_split_inside_a_page_too(tmp_path):
    lines = "".join(f"<p>{line}</p>" for line in OLD_NEXIS.split("\n") if line.strip())
    found = read(tmp_path, f"<html><body>{lines}</body></html>", "a.html")
    assert told(found) == ["Lamp falls", "Boat found"]
    assert LAMP in found[0].text and "LOAD-DATE" not in found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"Story {n} of 9\n\n{LAMP}\n\n" for n in range(1, 4)),
        "".join(f"{'=' * 40}\nTitle {n}\nMay {n}, 2023\n\n{LAMP}\n\n" for n in range(1, 5)),
        "".join(f"Title {n}\n2023-05-{n:02}\n\n{LAMP * 90}\n\n" for n in range(1, 20)),
        "".join(f"ARTICLE {n}/3\nTitle {n}\n{LAMP}\n\n" for n in range(1, 4)),
        "".join(f"Title {n}\nBy Ann Lee\n0{n}/05/2023\n{LAMP}\n***\n" for n in range(1, 5)),
        "".join(f"Title {n}\n0{n}.05.2023\n{LAMP}\n- - -\n" for n in range(1, 5)),
    ],
    ids=["numbers", "rules", "dates", "slashes", "stars", "dashes"],
)
def test_bundle_of_no_known_form_is_refused_in_words(tmp_path, text):
    (fault,) = read(tmp_path, text, "a.txt")
    assert fault.why.startswith("This looks like many articles in one file (it has ")
    assert fault.why.endswith("split it into files, or save it as JSONL or CSV.")


def test_article_with_days_or_rules_in_its_text_stays_one(tmp_path):
    days = "\n\n".join(f"May {n}, 2023\n\nOn this day the lamp burned, the keeper said." for n in range(1, 6))
    (article,) = read(tmp_path, f"Diary of a lamp\n\n{days}\n\n----------\n\n{LAMP}", "a.txt")
    assert article.title == "Diary of a lamp"


def test_sections_between_stars_stay_one_article(tmp_path):
    sections = "\n\n***\n\n".join(f"{LAMP} {n}" for n in range(6))
    (article,) = read(tmp_path, f"Night of a lamp\n1 May 2023\n\n{sections}", "a.txt")
    assert article.title == "Night of a lamp" and f"{article.published:%d.%m.%Y}" == "01.05.2023"


def test_trec_documents_are_read(tmp_path):
    text = f"""<DOC>
<DOCNO> AP890502-0001 </DOCNO>
<HEAD>Lamp Falls</HEAD>
<DATELINE>ELDEN (AP) </DATELINE>
<TEXT>
   {LAMP}
   It had burned since 1911.
</TEXT>
</DOC>
<DOC>
<DOCNO> AP890502-0002 </DOCNO>
<TEXT>{BOAT}</TEXT>
"""
    one, fault = read(tmp_path, text, "ap890502")
    assert (one.id, one.title, one.text) == (
        "AP890502-0001",
        "Lamp Falls",
        f"{LAMP}\n\nIt had burned since 1911.",
    )
    assert f"{one.published:%Y-%m-%d}" == "1989-05-02"
    assert fault.why == "The file ends inside this <DOC>."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'[caption id="a"]<img src="x"/>The pier[/caption] {LAMP}', LAMP),
        (f"[embed]https://v.example/x[/embed]\n\n{LAMP}", LAMP),
        (f"[gallery]\n\n{LAMP}", LAMP),
        (f"[su_quote cite='x']{LAMP}[/su_quote]", LAMP),
        (f"[vc_row][vc_column width='1/2']{LAMP}[/vc_column][/vc_row]", LAMP),
        (f"He wrote [sic] that [her] lamp fell. {LAMP}", f"He wrote [sic] that [her] lamp fell. {LAMP}"),
        (f"{LAMP} [1] [citation needed] [/", f"{LAMP} [1] [citation needed] [/"),
    ],
)
def test_shortcodes_go_and_brackets_of_prose_stay(text, left):
    assert without_shortcodes(text).strip() == left


def letter(subject: str, text: str = "", page: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Coast Gazette <news@gazette.example>"
    made["Subject"] = subject
    made["Date"] = "Mon, 01 May 2023 07:00:00 +0000"
    if text:
        made.set_content(text)
    if page:
        made.add_alternative(page, subtype="html") if text else made.set_content(page, subtype="html")
    return made


def test_letter_has_one_body_and_its_attachments_are_left_alone(tmp_path):
    made = letter("Lämp – “fälls”", f"{LAMP}\n", f"<html><body><h1>Lamp</h1><p>{LAMP}</p></body></html>")
    made.add_attachment(BOAT.encode(), maintype="text", subtype="plain", filename="boat.txt")
    (article,) = read(tmp_path, made.as_bytes(), "a.eml")
    assert (article.title, article.text, article.source) == ("Lämp – “fälls”", LAMP, "Coast Gazette")


def test_letter_whose_plain_text_says_nothing_is_read_from_its_page(tmp_path):
    made = letter("Lamp", "See the web.", f"<html><body><p>{LAMP}</p><p>{BOAT}</p></body></html>")
    (article,) = read(tmp_path, made.as_bytes(), "letter")
    assert article.text == f"{LAMP}\n\n{BOAT}"


def test_saved_page_is_read_as_the_page_it_is(tmp_path):
    made = EmailMessage()
    made["From"] = "<Saved by Blink>"
    made["Snapshot-Content-Location"] = "https://gazette.example/2023/05/01/lamp"
    made["Subject"] = "Lamp falls"
    made.set_content(
        f"<html><head><title>Lamp falls</title></head><body><nav>Home</nav><article><h1>Lamp falls</h1>"
        f"<p>{LAMP}</p><p>{BOAT}</p></article></body></html>",
        subtype="html",
        cte="quoted-printable",
    )
    (article,) = read(tmp_path, made.as_bytes(), "a.mhtml")
    assert (article.title, article.url) == ("Lamp falls", "https://gazette.example/2023/05/01/lamp")
    assert (article.text, f"{article.published:%d.%m.%Y}") == (f"{LAMP}\n\n{BOAT}", "01.05.2023")


@pytest.mark.parametrize("many", [150, 250])
def test_item_of_elements_nested_deep_is_read_or_refused_in_a_line(tmp_path, many: int):
    deep = "<subject>" * many + "</subject>" * many
    body = f"<contentSet><inlineXML><p>{LAMP}</p></inlineXML></contentSet>"
    item = f"<newsItem guid='a'><contentMeta><headline>Lamp</headline>{deep}</contentMeta>{body}</newsItem>"
    (found,) = read(tmp_path, item.encode(), "a.xml")
    if many == 150:
        assert found.text == LAMP
    else:
        assert found.why == "The item is refused: its elements are nested more than 200 deep."


@pytest.mark.parametrize("many", [30, 31])
def test_letter_of_parts_within_parts_is_read_or_refused_in_a_line(tmp_path, many: int):
    heads = "".join(f"Content-Type: multipart/mixed; boundary=b{at}b\n\n--b{at}b\n" for at in range(many))
    ends = "".join(f"\n--b{at}b--\n" for at in reversed(range(many)))
    made = f"From: a@b.example\nSubject: Lamp\nTo: c\n{heads}Content-Type: text/plain\n\n{LAMP}{ends}"
    (found,) = read(tmp_path, made.encode(), "a.eml")
    if many == 30:
        assert found.text == LAMP
    else:
        assert found.why == "The mail is refused: its parts are nested more than 30 deep."


def test_headers_without_end_leave_the_letter(tmp_path):
    long = b"References: " + b"<a@b.example> " * 20_000 + b"\nSubject: Lamp" + b"\n of  " * 20_000
    data = letter("Lamp", LAMP).as_bytes().replace(b"Subject: Lamp", long)
    (article,) = read(tmp_path, data, "a.eml")
    assert (article.title[:11], article.text) == ("Lamp of of ", LAMP)


def test_text_with_a_date_line_and_a_source_is_no_letter(tmp_path):
    (article,) = read(tmp_path, f"Lamp falls\nDate: 2023-05-01\nSource: Coast Gazette\n\n{LAMP}", "a.txt")
    assert (article.title, article.source) == ("Lamp falls", "Coast Gazette")


def test_mailbox_gives_its_letters_and_a_quoted_from_stays_in_one(tmp_path):
    box = b""
    for made in (letter("One", f"{LAMP}\n\nFrom Elden we hear more.\n"), letter("Two", BOAT)):
        box += b"From news@gazette.example Mon May  1 07:00:00 2023\n"
        box += made.as_bytes().replace(b"\nFrom Elden", b"\n>From Elden") + b"\n"
    one, two = read(tmp_path, box, "a.mbox")
    assert (one.title, two.title, two.text) == ("One", "Two", BOAT)
    assert one.text == f"{LAMP}\n\nFrom Elden we hear more."


def warc(pages: list[tuple[str, str, str]], gzip: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "x"}))
    for url, status, page in pages:
        headers = StatusAndHeaders(
            status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(page.encode()), http_headers=headers
            )
        )
    return out.getvalue()


@pytest.mark.parametrize("gzip", [False, True])
def test_crawl_gives_its_pages_and_counts_the_rest(tmp_path, gzip):
    page = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p><p>{2}</p></article>"
    data = warc(
        [
            ("https://gazette.example/2023/05/01/lamp", "200 OK", page.format("Lamp falls", LAMP, BOAT)),
            ("https://gazette.example/gone", "404 Not Found", page.format("Gone", LAMP, BOAT)),
            ("https://gazette.example/empty", "200 OK", "<html><body></body></html>"),
            ("https://post.example/boat", "200 OK", page.format("Boat found", BOAT, LAMP)),
        ],
        gzip,
    )
    found = read(tmp_path, data, "a.warc.gz" if gzip else "a.warc")
    assert told(found) == [
        "Lamp falls",
        "Boat found",
        "left out: Left out: 1 answers that are no pages, 1 pages without an article.",
    ]
    assert (found[0].source, f"{found[0].published:%d.%m.%Y}") == ("gazette.example", "01.05.2023")


def test_crawl_that_is_cut_off_keeps_what_came_before(tmp_path):
    page = f"<html><body><article><h1>Lamp</h1><p>{LAMP}</p><p>{BOAT}</p></article></body></html>"
    data = warc([(f"https://e.example/{n}", "200 OK", page) for n in range(3)], True)
    found = read(tmp_path, data[:-100], "a.warc.gz")
    assert [type(one) for one in found][:2] == [Article, Article]
    assert isinstance(found[-1], Skipped)


def test_crawl_that_ends_inside_a_page_keeps_what_there_is_of_it_and_says_so(tmp_path):
    page = f"<html><body><article><h1>Lamp</h1><p>{LAMP}</p><p>{BOAT}</p></article></body></html>"
    data = warc([(f"https://e.example/{n}", "200 OK", page) for n in range(2)], False)
    assert [type(one) for one in read(tmp_path, data, "a.warc")] == [Article, Article]
    *articles, last = read(tmp_path, data[: data.rindex(b"</article>")], "a.warc")
    assert [type(one) for one in articles] == [Article, Article]
    assert last == Skipped(str(tmp_path / "a.warc:3"), "The WARC ends inside this record; it was cut off.")


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_mail_whose_last_part_is_not_closed_says_so(tmp_path, name):
    letter = (
        "From: Gazette <news@gazette.example>\nSubject: Lamp falls\nDate: Mon, 1 May 2023 10:00:00 +0000\n"
        'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="AA"\n\n'
        f"--AA\nContent-Type: text/plain\n\n{LAMP}\n\n{BOAT}\n\n--AA--\n"
    )
    first = "From a@b.example Mon May  1 10:00:00 2023\n"
    box = letter if name == "a.eml" else f"{first}{letter[:-8]}\n\n{first}{letter}"
    assert not [one for one in read(tmp_path, box, name) if isinstance(one, Skipped)]
    found = read(tmp_path, box[:-8], name)
    assert [one.why for one in found if isinstance(one, Skipped)] == [
        "The mail ends before its last part does; it may have been cut off."
    ]
    assert len(found) == 2 + (name == "a.mbox")


def test_agency_behind_the_name_of_a_reuters_author_is_no_part_of_it(tmp_path):
    (article,) = read(
        tmp_path,
        '<REUTERS NEWID="1"><DATE>1-MAY-1987 10:00:00.00</DATE><TEXT><TITLE>LAMP FALLS</TITLE>'
        f"<AUTHOR>    By Ann Lee, Reuters</AUTHOR><BODY>{LAMP}</BODY></TEXT></REUTERS>",
        "a.sgm",
    )
    assert article.authors == ("Ann Lee",)


def test_creator_of_a_newsml_item_is_its_author_unless_it_is_an_agency(tmp_path):
    (article,) = read(
        tmp_path,
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="a"><itemMeta><provider>'
        "<name>Coast News</name></provider></itemMeta><contentMeta><creator><name>Coast News</name></creator>"
        '<creator type="cptype:organisation"><name>Picture Desk</name></creator>'
        "<creator><name>Ann Lee</name></creator><headline>Lamp falls</headline></contentMeta><contentSet>"
        f"<inlineXML><html><body><p>{LAMP}</p></body></html></inlineXML></contentSet></newsItem>",
        "a.xml",
    )
    assert (article.source, article.authors) == ("Coast News", ("Ann Lee",))


ROWS = f"title,date,text\nLamp,05/03/2023,{LAMP.replace(',', '')}\n"


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


FILES = {
    "news/a.csv": ROWS.encode(),
    "news/b.csv": ROWS.replace("05/03", "25/03").replace("Lamp,", "Boat,").encode()
    + b"Pier,06/03/2023,"
    + BOAT.encode(),
    "../../evil.txt": f"Evil path\n\n{LAMP}".encode(),
    "__MACOSX/._a.csv": b"\x00\x01",
    "style.css": b"p {}",
    "inner.zip": zipped({"c.txt": f"Inner\n\n{BOAT}".encode()}),
}


PACKINGS = {
    zipfile.ZIP_STORED: "EOFError",  # its directory says that there is more
    zipfile.ZIP_DEFLATED: "Error -3 while decompressing data: invalid",
    zipfile.ZIP_BZIP2: "Invalid data stream",
    zipfile.ZIP_LZMA: "Corrupt input data",
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_entry_that_is_packed_wrongly_costs_itself_alone(tmp_path, packing):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, text in (("a.txt", f"Lamp\n\n{LAMP}"), ("b.txt", BOAT * 90), ("c.txt", f"Boat\n\n{BOAT}")):
            archive.writestr(name, text)
    data = bytearray(out.getvalue())
    if packing == zipfile.ZIP_STORED:
        at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
        data[at + 20 : at + 28] = (10**6).to_bytes(4, "little") * 2
    else:
        at = data.index(b"b.txt") + 25
        data[at : at + 40] = b"\xff" * 40
    one, fault, other = read(tmp_path, bytes(data), "a.zip")
    assert (one.title, other.title) == ("Lamp", "Boat")
    assert fault.where.endswith("a.zip/b.txt") and PACKINGS[packing] in fault.why, fault.why


@pytest.mark.parametrize(("pack", "name"), [(zipped, "a.zip"), (tarred, "a.tar.gz"), (tarred, "a")])
def test_every_file_of_an_archive_is_read_as_if_it_lay_there_by_itself(tmp_path, pack, name):
    found = read(tmp_path, pack(FILES), name)
    assert told(found)[:2] == ["Lamp", "Boat"] and told(found)[-2:] == ["Evil path", "Inner"]
    days = [f"{one.published:%d.%m.}" for one in found if isinstance(one, Article) and one.published]
    assert days == ["03.05.", "25.03."]  # each file has an order of its own
    assert [one.where for one in found if isinstance(one, Skipped)] == [f"{tmp_path}/{name}/news/b.csv:3"]


def test_archives_within_archives_end_somewhere(tmp_path):
    data = f"Deep\n\n{LAMP}".encode()
    for _ in range(4):
        data = zipped({"a.zip" if data.startswith(b"PK") else "a.txt": data})
    (fault,) = read(tmp_path, data, "a.zip")
    assert fault.why == "It lies in more than 2 archives, one within another."


def test_bomb_in_an_archive_costs_only_the_archive(tmp_path):
    data = zipped({"a.txt": f"Lamp\n\n{LAMP}".encode(), "b.txt": b"0" * 80 * 2**20})
    one, fault = read(tmp_path, data, "a.zip")
    assert (one.title, fault.why) == (
        "Lamp",
        "An entry unpacks to more than 200 times its size, as a bomb does.",
    )


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_damaged_archive_is_reported(tmp_path, cut):
    for name, data in (("a.zip", zipped(FILES)), ("b.tar.gz", tarred(FILES))):
        found = read(tmp_path, data[: int(len(data) * cut)], name)
        assert isinstance(found[-1], Skipped) and found[-1].why.split()[0] in ("The", "No")


def test_warc_whose_record_is_longer_than_it_says_writes_nothing_of_it_on_the_terminal(tmp_path, capfd):
    page = "<article>" + "<p>The lamp fell into the sea on Monday and nobody was hurt.</p>" * 9 + "</article>"
    data = warc([(f"https://e.example/{n}", "200 OK", page) for n in range(2)], False)
    head, length, rest = data.rpartition(b"Content-Length: ")
    size, _, rest = rest.partition(b"\r\n")
    found = read(tmp_path, head + length + b"%d\r\n" % (int(size) - 20) + rest, "a.warc")
    assert found[-1].why.endswith("1 records that are longer than they say.")
    assert capfd.readouterr() == ("", "")
