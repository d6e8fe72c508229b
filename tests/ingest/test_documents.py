"""Documents and PDF: their text, bundles inside them, and clear words where a library is missing."""

import io
import textwrap

import pytest
from docx import Document
from odf.opendocument import OpenDocumentText
from odf.text import H, P

from qa.ingest import apart
from qa.ingest.articles import read_articles
from qa.ingest.asked import Asked
from qa.ingest.documents import portable, reading
from qa.ingest.documents.reading import Document as Read
from qa.ingest.streams import Stream, Unreadable
from qa.records import Article
from qa.reports import Skipped
from tests.ingest.pdf import pdf

LAMP = "The lamp of the old pier fell into the sea on Monday, and nobody was hurt, the keeper said."
BOAT = "A red boat was found on the sands of Norrby on Tuesday, and its two sailors are well."
ONE = ["Lamp falls into the sea", "By Ann Lee", "1 May 2023", LAMP, BOAT]
NEXIS = [
    line
    for number, (title, text) in enumerate([("Lamp falls", LAMP), ("Boat found", BOAT)], 1)
    for line in (
        title, "Coast Gazette", f"May {number}, 2023 Monday", "Copyright 2023 Gazette Press", "Section: NEWS",
        "Length: 17 words", "Byline: Ann Lee", "Body", text, "Load-Date: May 3, 2023", "End of Document",
    )
]  # fmt: skip


def docx(lines: list[str]) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt(lines: list[str]) -> bytes:
    document = OpenDocumentText()
    for number, line in enumerate(lines):
        document.text.addElement(H(outlinelevel=1, text=line) if number == 0 else P(text=line))
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def rtf(lines: list[str]) -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg1252 " + "\\par\n".join(lines) + "\\par}").encode("cp1252")


def wrapped(lines: list[str]) -> bytes:
    """Return a PDF whose paragraphs are broken into lines of one width, as in every PDF."""
    return pdf([part for line in lines for part in textwrap.wrap(line, 60) or [""]])


FORMS = [("a.docx", docx), ("a.odt", odt), ("a.rtf", rtf), ("a.pdf", wrapped)]


def read(tmp_path, name: str, data: bytes) -> list[Article | Skipped]:
    (tmp_path / name).write_bytes(data)
    return list(read_articles([tmp_path / name]))


@pytest.mark.parametrize(("name", "make"), FORMS, ids=[name for name, _ in FORMS])
def test_document_is_one_article(tmp_path, name, make):
    (article,) = read(tmp_path, name, make(ONE))
    assert (article.title, article.text) == ("Lamp falls into the sea", f"{LAMP}\n\n{BOAT}")
    assert (article.authors, f"{article.published:%d.%m.%Y}") == (("Ann Lee",), "01.05.2023")


@pytest.mark.parametrize(("name", "make"), FORMS, ids=[name for name, _ in FORMS])
def test_export_of_a_database_is_split_inside_a_document(tmp_path, name, make):
    found = read(tmp_path, name, make(NEXIS))
    assert [(one.title, one.text, f"{one.published:%d.%m.}") for one in found] == [
        ("Lamp falls", LAMP, "01.05."),
        ("Boat found", BOAT, "02.05."),
    ]


@pytest.mark.parametrize(("name", "make"), FORMS, ids=[name for name, _ in FORMS])
def test_document_of_one_article_without_a_date_has_that_of_its_name(tmp_path, name, make):
    (article,) = read(tmp_path, f"2024-08-05-{name}", make(["Lamp falls into the sea", LAMP]))
    assert f"{article.published:%Y-%m-%d}" == "2024-08-05"
    first, second = read(tmp_path, f"2024-08-05-{name}", make([line for line in NEXIS if "2023" not in line]))
    assert (first.published, second.published) == (None, None)


def test_cells_of_a_table_come_in_their_order_and_once(tmp_path):
    document = Document()
    document.add_paragraph("Lamp falls into the sea")
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = LAMP
    table.cell(0, 2).text = BOAT
    out = io.BytesIO()
    document.save(out)
    (article,) = read(tmp_path, "a.docx", out.getvalue())
    assert article.text == f"{LAMP}\n\n{BOAT}"


@pytest.mark.parametrize(("name", "make"), FORMS, ids=[name for name, _ in FORMS])
def test_damaged_or_empty_document_is_reported(tmp_path, name, make):
    data = make(ONE)
    for broken in (data[: len(data) // 2], make([""])):
        found = read(tmp_path, name, broken)
        assert any(isinstance(one, Skipped) for one in found), name  # half of an RTF file is one, too


def test_running_heads_and_page_numbers_of_a_pdf_are_out(tmp_path):
    texts = (["Lamp falls into the sea", LAMP], [BOAT], [f"{LAMP} Again."])
    bodies = [[part for text in page for part in textwrap.wrap(text, 60)] for page in texts]
    pages = [["Coast Gazette", *body, f"Page {number} of 3"] for number, body in enumerate(bodies, 1)]
    (article,) = read(tmp_path, "a.pdf", pdf(*pages))
    assert article.title == "Lamp falls into the sea"
    assert article.text == f"{LAMP}\n\n{BOAT}\n\n{LAMP} Again."


def test_articles_of_a_pdf_that_has_each_on_its_page_keep_their_paper_and_stay_apart(tmp_path):
    pages = [[f"Lamp {number} falls", *NEXIS[1:11], f"Page {number} of 3"] for number in (1, 2, 3)]
    (tmp_path / "a.pdf").write_bytes(pdf(*pages))
    articles = [one for one in read_articles([tmp_path / "a.pdf"]) if isinstance(one, Article)]
    assert [(one.title, one.source, one.text) for one in articles] == [
        (f"Lamp {number} falls", "Coast Gazette", LAMP) for number in (1, 2, 3)
    ]


def test_lines_of_a_pdf_are_joined_to_paragraphs():
    lines = [
        "The lamp of the old pier fell into the sea on Mon-",
        "day, and nobody was hurt, the keeper of it",
        "said.",
        "It had burned since 1911, longer than any lamp on",
        "the coast.",
    ]
    assert portable._joined([lines]).split("\n\n") == [
        "The lamp of the old pier fell into the sea on Monday, and nobody was hurt, the keeper of it said.",
        "It had burned since 1911, longer than any lamp on the coast.",
    ]


def test_spreadsheets_and_other_zips_are_named_as_what_they_are(tmp_path):
    from tests.ingest.test_bundles import zipped

    for inner, what in (("xl/workbook.xml", "a spreadsheet"), ("META-INF/container.xml", "an e-book")):
        (fault,) = read(tmp_path, "a.zip", zipped({inner: b"<x/>"}))
        assert fault.why.startswith(f"This is {what}, not text. Save it as ")


def test_library_that_is_not_installed_is_named_with_its_cure(monkeypatch, tmp_path):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setenv(apart.MARK, "1")  # in this process, where the library can be hidden
    monkeypatch.setattr(reading.importlib, "import_module", missing)
    for name, make in FORMS:
        (fault,) = read(tmp_path, name, make(ONE))
        assert fault.why.endswith(
            "needs a library that is not installed: pip install -r requirements-documents.txt."
        )


def test_what_a_document_says_of_itself_stands_in_where_the_text_does_not(tmp_path):
    file = io.BytesIO(b"%PDF")
    told = Read(text="", title="T")
    asked = Asked("a.pdf", __import__("datetime").datetime.now(__import__("datetime").UTC))
    (fault,) = reading.read_document(Stream.opened(file), asked, "PDF document", lambda _: told)
    assert fault.why == "The PDF document holds no text; if it shows scanned pages, they need OCR."
    with pytest.raises(Unreadable, match="encrypted"):
        list(reading.read_document(Stream.opened(file), asked, "PDF document", encrypted))


def encrypted(_: object) -> Read:
    raise Unreadable("the PDF document is encrypted; save it without a password")


@pytest.mark.parametrize(
    ("data", "is_cut"),
    [
        (rtf(ONE), False),
        (rtf(ONE)[:-1], True),
        (rtf(["{\\b Lamp falls into the sea}", LAMP, BOAT])[: -len(BOAT) - 20], True),
        (rtf([*ONE, "An open \\{ or a \\} in the text is no group, the keeper said \\{"]), False),
        (b"{\\rtf1\\ansi " + LAMP.encode() + b"\\par{\\bin3 {{{}" + BOAT.encode() + b"\\par}", False),
    ],
)  # fmt: skip
def test_rtf_that_is_cut_off_gives_what_it_holds_and_says_so(tmp_path, data: bytes, is_cut: bool):
    found = read(tmp_path, "a.rtf", data)
    assert [type(one) for one in found].count(Article) == 1
    told = [one.why for one in found if isinstance(one, Skipped)]
    assert told == ["The RTF document ends too early; it was cut off."] * is_cut
