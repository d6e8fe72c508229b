"""CSV, TSV and Parquet, sound and broken."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from qa.errors import InputError
from qa.ingest.articles import read_articles
from qa.ingest.streams import Stream
from qa.ingest.tables import read_csv
from qa.records import Article
from qa.reports import Skipped

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."
HEAD = "title,body,date\n"


def read(tmp_path, text: str | bytes, name: str = "a.csv", **options) -> list[Article | Skipped]:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_articles([file], **options))


def titles(found) -> list[str]:
    return [item.title if isinstance(item, Article) else item.where.rsplit(":")[-1] for item in found]


def test_quoted_fields_hold_commas_line_ends_and_quotes(tmp_path):
    (article,) = read(
        tmp_path, f'{HEAD}"Lamp, sea","One ""lamp"" fell.\r\n\r\nNobody, it seems, was hurt.",2023-07-01\r\n'
    )
    assert article.title == "Lamp, sea"
    assert article.text == 'One "lamp" fell.\n\nNobody, it seems, was hurt.'


@pytest.mark.parametrize(
    ("name", "mark"), [("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|"), ("a", ","), ("a.csv", "\t")]
)
def test_mark_between_columns_is_found(tmp_path, name, mark):
    row = mark.join(["one", TEXT, "2023-07-01"])
    assert titles(read(tmp_path, HEAD.replace(",", mark) + row + "\n", name)) == ["one"]


def test_broken_rows_are_reported_by_line_and_the_next_ones_are_read(tmp_path):
    text = f"{HEAD}one,{TEXT},2023\ntwo,{TEXT}\nthree,{TEXT},2023,more\n\nfour,{TEXT},2023\n"
    found = read(tmp_path, text)
    assert titles(found) == ["one", "3", "4", "four"]
    assert found[1].why == "Broken row: it has 2 columns where the header has 3."


def test_open_quote_costs_only_its_own_row(tmp_path):
    text = f'{HEAD}one,"{TEXT},2023\ntwo,{TEXT},2023\nthree,"{TEXT}",2023\nfour,{TEXT},2023\n'
    found = read(tmp_path, text)
    assert titles(found) == ["2", "two", "three", "four"]
    assert found[0].why.startswith("Broken row: it has a quote that is never closed")


def test_quotes_inside_a_field_that_were_not_doubled_are_kept(tmp_path):
    (article,) = read(tmp_path, f'{HEAD}one,"He said "go" and went away at once",2023\n')
    assert article.text.startswith("He said go") or '"go"' in article.text


def test_tsv_takes_quotes_as_they_stand(tmp_path):
    text = f'title\ttext\n"Lamp\t"{TEXT}\ntwo\t{TEXT}\n'
    assert titles(read(tmp_path, text, "a.tsv")) == ['"Lamp', "two"]


def test_table_without_prose_is_reported_once_and_no_address_or_id_is_proposed_as_body(tmp_path):
    rows = "".join(f"1{n},https://e.example/{n},red boat {n} sank,{n}7\n" for n in range(3))
    assert titles(read(tmp_path, rows)) == [f"red boat {n} sank" for n in range(3)]
    (fault,) = read(tmp_path, "".join(f"1{n},https://e.example/{n},b{n},{n}7\n" for n in range(3)))
    assert fault.why == (
        "No column is known to hold the text; there are: col1, col2, col3, col4. "
        "Name it with --map body=COLUMN."
    )


def test_table_without_a_header_keeps_its_first_row_and_takes_a_mapping(tmp_path):
    rows = f"1,{TEXT},x\n2,{TEXT} Again.,y\n"
    assert [article.text for article in read(tmp_path, rows)] == [TEXT, f"{TEXT} Again."]
    articles = read(tmp_path, rows, mapping={"body": "col2", "headline": "col3"})
    assert [(article.title, article.text) for article in articles] == [("x", TEXT), ("y", f"{TEXT} Again.")]


def test_mapped_column_comes_before_recognised_names(tmp_path):
    text = f"title,text,Long Version\none,short text of six words here,{TEXT}\n"
    assert [article.text for article in read(tmp_path, text, mapping={"text": "long_version"})] == [TEXT]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"body": "col7"},
            "--map text=col7: no record has a column 'col7'. Check the name. There are: title, body, date.",
        ),
        (
            {"colour": "body"},
            "--map colour=body: there is no field 'colour'. "
            "Use one of id, title, text, published, url, source, authors, tags.",
        ),
        (
            {"body": "title", "text": "body"},
            "--map text=body: text is mapped twice, it stands in 'title' already. "
            "Map one of the two, and build the file that has the other with --add.",
        ),
        ({"body": " "}, "--map body= : text needs a column name. Write it like --map body=col7."),
    ],
)
def test_bad_mapping_is_refused_at_once(tmp_path, mapping, message):
    (tmp_path / "a.csv").write_text(f"{HEAD}one,{TEXT},2023\n")
    with pytest.raises(InputError) as caught:
        read_articles([tmp_path / "a.csv"], mapping=mapping)
    assert str(caught.value) == message


def test_bad_mapping_of_standard_input_is_reported_at_its_end(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{HEAD}one,{TEXT},2023\n".encode())))
    with pytest.raises(InputError, match="--map tags=topic: no record has a column 'topic'"):
        list(read_articles(["-"], mapping={"tags": "topic"}))


def test_table_of_questions_is_reported_once(tmp_path):
    assert read(tmp_path, "question,answer\nWho?,Ann\nWhen?,Monday\n") == [
        Skipped(f"{tmp_path}/a.csv:1", "The file holds questions, not articles.")
    ]


ROWS = st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=6)


@given(ROWS)
def test_what_the_csv_writer_writes_is_read_back(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    clean = [tuple(cell.encode("utf-8", "ignore").decode().replace("\r", "") for cell in row) for row in rows]
    writer.writerows([("title", "text"), *clean])
    stream = Stream.opened(io.BytesIO(out.getvalue().encode()))
    assert [tuple(raw.fields.values()) for raw in read_csv(stream, "x", {})] == clean


@given(st.binary(max_size=120) | st.text(alphabet='",\n\ra;\t', max_size=80).map(str.encode))
def test_no_bytes_make_reading_raise(data):
    list(read_csv(Stream.opened(io.BytesIO(b"title,text\n" + data)), "x", {}))


def test_parquet_is_read_by_rows_and_only_in_its_known_columns(tmp_path):
    table = pa.table(
        {
            "headline": [f"t{n}" for n in range(200)],
            "maintext": [TEXT] * 200,
            "embedding": [[0.5] * 9] * 200,
            "date_publish": pa.array([1688198400_000_000_000] * 200, pa.timestamp("ns")),
            "keywords": [["sea", "lamp"]] * 200,
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=64)
    articles = list(read_articles([tmp_path / "a.parquet"]))
    assert [article.title for article in articles] == [f"t{n}" for n in range(200)]
    assert articles[0].tags == ("sea", "lamp")


def test_damaged_parquet_is_reported(tmp_path):
    parquet.write_table(pa.table({"text": [TEXT] * 9}), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    (fault,) = read(tmp_path, data[:-20], "a.parquet")
    assert fault.why.startswith("The Parquet file is damaged: ")
    assert read(tmp_path, b"words", "b.parquet")[0].why == "This is no Parquet file, whatever its name says."


BOMB = (
    "The Parquet file unpacks to more than 200 times its size, as a bomb does; "
    "if it is none, save it as JSONL."
)


@pytest.mark.parametrize("dictionary", [False, True], ids=["in its pages", "by repeating one value"])
def test_parquet_bomb_is_stopped(tmp_path, monkeypatch, dictionary: bool):
    monkeypatch.setattr("qa.ingest.tables.FREE_UNPACKED_BYTES", 2**20)
    table = pa.table({"text": ["lamp " * 2**16] * 400})  # 125 MB
    parquet.write_table(table, tmp_path / "a.parquet", use_dictionary=dictionary, compression="zstd")
    assert (tmp_path / "a.parquet").stat().st_size < 2**19
    *articles, last = read_articles([tmp_path / "a.parquet"])
    assert last == Skipped(str(tmp_path / "a.parquet"), BOMB)
    assert len(articles) < (400 if dictionary else 1)


def test_parquet_of_much_text_that_packs_well_is_read(tmp_path):
    parquet.write_table(pa.table({"text": [f"{TEXT} {n}" for n in range(9000)]}), tmp_path / "a.parquet")
    assert len(list(read_articles([tmp_path / "a.parquet"]))) == 9000
