"""Dates of one column have one order; what cannot be a date is set aside, and its article stays."""

from datetime import UTC, datetime, timedelta

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.datecolumns import DateOrder, date_in_address, day_in_name, in_order, read_date
from qa.ingest.ledger import Ledger

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."
NOW = datetime(2024, 6, 15, 12, tzinfo=UTC)


def read(tmp_path, dates, header="title,date,text", name="a.csv"):
    rows = [f'T{n},"{date}",{TEXT} {n}' for n, date in enumerate(dates)]
    (tmp_path / name).write_text("\n".join([header, *rows]))
    ledger = Ledger()
    found = list(read_articles([tmp_path / name], ledger=ledger))
    told = [f"{one.published:%Y-%m-%d}" if one.published else None for one in found]
    return told, [str(note).split("csv: ", 1)[-1] for note in ledger.notes() if "lack" not in str(note)]


@pytest.mark.parametrize(
    ("dates", "told", "note"),
    [
        (
            ["05/03/2024", "25/03/2024"],
            ["2024-03-05", "2024-03-25"],
            "dates have the day first, as 25/03/2024 shows.",
        ),
        (
            ["05/03/2024", "03/25/2024"],
            ["2024-05-03", "2024-03-25"],
            "dates have the month first, as 03/25/2024 shows.",
        ),
        (["5-3-24", "25-3-24"], ["2024-03-05", "2024-03-25"], "dates have the day first, as 25-3-24 shows."),
        (
            ["05/03/2024 09:30", "31/12/2023 10:00"],
            ["2024-03-05", "2023-12-31"],
            "dates have the day first, as 31/12/2023 10:00 shows.",
        ),
        (
            ["05/03/2024"],
            ["2024-05-03"],
            "nothing shows whether 05/03/2024 has the day or the month first; the month was taken.",
        ),
        (["05.03.2024", "07.03.2024"], ["2024-03-05", "2024-03-07"], None),
        (["05/05/2024"], ["2024-05-05"], None),
        (
            ["25/03/2024", "26/03/2024", "03/27/2024", "05/03/2024"],
            ["2024-03-25", "2024-03-26", "2024-03-27", "2024-03-05"],
            "dates are written in both orders (25/03/2024, 03/27/2024); where both are possible, as in "
            "05/03/2024, the day is taken to be first.",
        ),
    ],
)
def test_order_of_a_column_is_decided_over_all_its_values(tmp_path, dates, told, note):
    assert read(tmp_path, dates) == (told, [note] if note else [])


def test_columns_in_another_language_have_the_day_first_where_nothing_decides(tmp_path):
    told, (note,) = read(tmp_path, ["05/03/2024"], "titre,date,texte")
    assert told == ["2024-03-05"] and note.endswith("the day was taken.")


def test_deciding_date_may_stand_far_behind_in_a_file_but_not_in_a_stream(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.ingest.layout.MOST_DATES_LOOKED_AT", 220)
    dates = ["05/03/2024"] * 230 + ["25/03/2024"]
    assert read(tmp_path, dates)[0][0] == "2024-03-05"
    with (tmp_path / "a.csv").open("rb") as file:
        monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": file}))
        assert f"{next(read_articles(['-'])).published:%Y-%m-%d}" == "2024-05-03"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2082-02-03", "lies in the future"),
        ((NOW + timedelta(days=3)).isoformat(), "lies in the future"),
        ("0001-01-01", "lies before 1600"),
        (datetime(1, 1, 1), "lies before 1600"),
        ("1970-01-01T00:00:00Z", "is the zero of computers' clocks"),
        (0, "is the zero of computers' clocks"),
        ("TBD", "is no date that can be read"),
        ("2023-01-01T00:00:00+99:99", "is no date that can be read"),
        ("Mon, 03 Jul 2023 10:00:00 +9999", "is no date that can be read"),
        ("3 July 2023 10:00 GMT+99", "is no date that can be read"),
    ],
)
def test_impossible_date_is_set_aside_with_the_reason(value, why):
    assert read_date(value, as_of=NOW, now=NOW) == (None, why)


@pytest.mark.parametrize("value", ["2024-06-16", "1970-01-02", "1969-12-31", "1987-04-02", "1600-01-01"])
def test_possible_date_is_taken(value):
    assert read_date(value, as_of=NOW, now=NOW)[0].moment == datetime.fromisoformat(value).replace(tzinfo=UTC)


def test_articles_stay_and_the_dates_set_aside_are_counted(tmp_path):
    told, notes = read(tmp_path, ["2082-02-03", "2091-01-01", "0001-01-01", "2024-01-02"])
    assert told == [None, None, None, "2024-01-02"]
    assert notes == [
        "2 dates are set aside, the articles stay: '2082-02-03' lies in the future.",
        "1 date is set aside, the articles stay: '0001-01-01' lies before 1600.",
    ]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("Feb 21", "2024-02-21"),
        ("21 February", "2024-02-21"),
        ("Dec 24", "2023-12-24"),
        ("June 15", "2024-06-15"),
        ("June 16th", "2023-06-16"),
        ("Wed, Feb 21, 9:30 am", "2024-02-21"),
        ("Feb 29", "2024-02-29"),
    ],
)
def test_day_without_a_year_is_the_last_one_before_the_files_day_and_approximate(value, day):
    published, _ = read_date(value, as_of=NOW, now=NOW)
    assert (f"{published.moment:%Y-%m-%d}", published.approximate_to) == (day, "day")


@pytest.mark.parametrize(
    ("url", "day", "unit"),
    [
        ("https://e.example/news/2024/04/02/lamp", "2024-04-02", ""),
        ("https://e.example/world/2024/apr/02/lamp", "2024-04-02", ""),
        ("https://e.example/lamp-falls-2024-04-02.html", "2024-04-02", ""),
        ("https://e.example/a/20240402-lamp", "2024-04-02", ""),
        ("https://e.example/2024/04/lamp", "2024-04-01", "month"),
        ("https://e.example/news/20771934.php", None, ""),
        ("https://e.example/2024-13-45/x", None, ""),
        ("https://e.example/a?d=2024-04-02", None, ""),
        ("http://[", None, ""),
    ],
)
def test_address_may_name_the_day(url, day, unit):
    found = date_in_address(url)
    assert (f"{found.moment:%Y-%m-%d}", found.approximate_to) == (day, unit) if day else found is None


def test_date_of_the_address_counts_for_records_without_one(tmp_path):
    (tmp_path / "a.csv").write_text(f"url,date,text\nhttps://e.example/2023/05/06/x,,{TEXT}\n")
    (article,) = read_articles([tmp_path / "a.csv"])
    assert article.published == datetime(2023, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2024-08-05-flood-toll.txt", "2024-08-05"),
        ("20240805_toll.md", "2024-08-05"),
        ("flood 2024-08-05.html", "2024-08-05"),
        ("2024.08.05 flood.txt", "2024-08-05"),
        ("toll_20240805T1200.txt.gz", "2024-08-05"),
        ("1851_03_04.txt", "1851-03-04"),
        ("news/2024/08/05/toll.txt", "2024-08-05"),
        ("2024\\8\\5\\toll.txt", "2024-08-05"),
        ("2024-08-05/toll.txt", "2024-08-05"),
        ("20240805/toll.txt", "2024-08-05"),
        ("2023-01-02/2024-08-05.txt", "2024-08-05"),
        ("2024-08-05/2024-08-05.txt", "2024-08-05"),
        ("2024-08-05-export/toll.txt", ""),  # when articles were exported
        ("2024/08/05/more/toll.txt", ""),
        ("2024/08/toll.txt", ""),
        ("2024-08-01_to_2024-08-05.txt", ""),
        ("toll-2024.txt", ""),
        ("2024-08.txt", ""),
        ("2024-02-30.txt", ""),
        ("2024-08_05.txt", ""),
        ("20771934.txt", ""),
        ("1202408055.txt", ""),
        ("3fa20240805bc.txt", ""),
        ("12024-08-05.txt", ""),
        ("05-08-2024.txt", ""),  # day or month first
        ("", ""),
    ],
)
def test_name_of_a_file_may_hold_the_day(path: str, day: str):
    assert day_in_name(path) == day


def test_text_that_is_no_date_stays_as_it_is():
    order = DateOrder()
    order.add("25/03/2024")
    assert [in_order(value, order) for value in ("05/03/2024", "5 March", 7, "1/2/3/4", "05/03/2024x")] == [
        "2024-03-05",
        "5 March",
        7,
        "1/2/3/4",
        "05/03/2024x",
    ]
