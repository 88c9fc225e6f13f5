"""Programmes as tables that people make by hand: names of columns in six languages, dates as they write them."""

import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from conference.imports.parsed import ScheduleError
from conference.imports.reading import format_of
from conference.imports.schedule_table import parse
from conference.imports.table_columns import field_of
from conference.imports.table_times import Said, read_said

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(text, **options):
    return parse(text.encode() if isinstance(text, str) else text, **{"default_zone": SHANGHAI, **options})


@pytest.mark.parametrize(
    "head",
    [
        "Title,Date,Start time,End time,Room,Speakers",
        "标题,日期,开始时间,结束时间,会议室,演讲者",
        "Titre,Date,Heure de début,Heure de fin,Salle,Intervenants",
        "Título,Fecha,Hora de inicio,Hora de fin,Sala,Ponentes",
        "Название,Дата,Начало,Окончание,Зал,Докладчики",
        "العنوان,التاريخ,وقت البدء,وقت الانتهاء,القاعة,المتحدثون",
    ],
)
def test_columns_are_known_in_every_language(head):
    (one,) = read(f'{head}\nOpening,2026-03-28,09:00,10:30,Hall A,"Ana Sample; Ben Sample"\n').events
    assert (one.title, one.room, one.line) == ("Opening", "Hall A", 2)
    assert (one.start, one.duration) == (datetime(2026, 3, 28, 1, tzinfo=UTC), timedelta(minutes=90))
    assert [person.name for person in one.persons] == ["Ana Sample", "Ben Sample"]


def test_a_column_may_be_of_one_language():
    (one,) = read("Title (en),Title (fr),title.zh-hans,Start\nOpening,Ouverture,开幕,2026-03-28 09:00\n").events
    assert one.texts["title"] == {"en": "Opening", "fr": "Ouverture", "zh-hans": "开幕"}
    assert field_of("Sub-title") == "" or field_of("Subtitle") == "subtitle"


@pytest.mark.parametrize(
    ("text", "day", "start", "end"),
    [
        ("2026-03-28 09:00", date(2026, 3, 28), time(9), None),
        ("28.03.2026 09:00", date(2026, 3, 28), time(9), None),
        ("28/03/2026", date(2026, 3, 28), None, None),
        ("Saturday, March 28, 2026", date(2026, 3, 28), None, None),
        ("28 mars 2026", date(2026, 3, 28), None, None),
        ("28 марта 2026", date(2026, 3, 28), None, None),
        ("2026年3月28日", date(2026, 3, 28), None, None),
        ("9:00 AM – 1:30 PM", None, time(9), time(13, 30)),
        ("9h30", None, time(9, 30), None),
        ("下午2:30", None, time(14, 30), None),
    ],
)
def test_dates_and_times_are_read_as_people_write_them(text, day, start, end):
    assert read_said(text, "") == Said(day, start, end)


def test_a_date_that_could_be_two_is_refused_unless_the_column_decides():
    head = "Title,Date,Start\n"
    parsed = read(f"{head}One,03/04/2026,09:00\n")
    assert "could be two dates" in parsed.refused[0].reason
    decided = read(f"{head}One,03/04/2026,09:00\nTwo,28/04/2026,09:00\n")
    assert [event.start.date() for event in decided.events] == [date(2026, 4, 3), date(2026, 4, 28)]


def test_each_row_comes_in_or_is_refused_with_its_line():
    parsed = read("Title,Start,End\nOne,2026-03-28 09:00,2026-03-28 10:00\n,2026-03-28 11:00,\nThree,never,\n")
    assert [(problem.line, problem.reason) for problem in parsed.refused] == [
        (3, "the row has no title"),
        (4, "'never' is not a time such as 09:30"),
    ]
    assert parsed.read == 3


def test_roles_stand_in_columns_or_behind_names():
    (one,) = read('Title,Chair,Speakers,Room\nOne,Ana,"Ben (moderator), Cem",Hall\n').events
    assert [(person.name, person.role) for person in one.persons] == [
        ("Ana", "chair"),
        ("Ben", "moderator"),
        ("Cem", ""),
    ]


def test_titles_above_the_head_and_lines_with_a_date_alone_are_no_sessions():
    parsed = read(
        "Programme of the meeting,,\nTime,Title,Room\n28 March 2026,,\n09:00-10:00,One,Hall\n10:00-11:00,Two,Hall\n"
    )
    assert [(event.title, event.start.hour) for event in parsed.events] == [("One", 1), ("Two", 2)]
    assert parsed.read == 2


def test_formulas_that_were_neutralised_come_back_as_they_were():
    (one,) = read("Title,Room\n'=1+1,Hall\n").events
    assert one.title == "=1+1"


def test_a_spreadsheet_with_dates_of_its_own_is_read():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Title", "Start", "Duration", "Room"])
    sheet.write_string(1, 0, "One")
    sheet.write_datetime(1, 1, datetime(2026, 3, 28, 9, 0))  # noqa: DTZ001 - a spreadsheet knows no zone
    sheet.write_number(1, 2, 45)
    sheet.write_string(1, 3, "Hall")
    book.close()
    content = file.getvalue()
    (one,) = read(content).events
    assert (format_of(content), one.start, one.duration) == (
        "xlsx",
        datetime(2026, 3, 28, 1, tzinfo=UTC),
        timedelta(minutes=45),
    )


def test_a_table_of_something_else_is_refused_with_what_is_accepted():
    with pytest.raises(ScheduleError, match="the format is not known: accepted are schedule"):
        read("Country,People\nChina,3\n")
    with pytest.raises(ScheduleError, match="a PDF file: accepted are"):
        format_of(b"%PDF-1.7")
