"""The first page, and how the report was made."""

import pytest

from fer_nb.report.front import assemble, headline
from fer_nb.report.results import collect


@pytest.fixture
def report(executed, student):
    return assemble(executed, collect(executed, profile="quick"), student)


def test_the_first_page_lists_every_notebook_with_answer_headline_and_status(report):
    first, second, third = report.front.rows
    assert (first.number, first.anchor, first.status) == (1, "01-cnn", "ok")
    assert first.answer == {"zh": "答對一半。", "en": "It answers half right."}
    assert first.headline == {"zh": "公開 50.0% (45.0%–55.0%)", "en": "public 50.0% (45.0%–55.0%)"}
    assert (second.status, second.error, second.answer) == ("failed", "KeyError: x", None)
    assert (third.number, third.anchor, third.status) == (3, None, "skipped")
    assert third.title == {"zh": "其他", "en": "The rest"}


def test_the_date_is_that_of_the_run(report):
    assert report.front.date == "2024-05-06"
    assert report.finished.isoformat() == "2024-05-06T07:08:09+00:00"


def test_practice_faces_are_named_and_real_data_are_not_called_so(executed, student):
    results = collect(executed, profile="quick")
    assert assemble(executed, results, student).front.practice
    results["data"]["source"] = "fer2013.csv"
    results["notebooks"]["01_cnn"]["parameters"]["data"] = "fer2013.csv"
    front = assemble(executed, results, student).front
    assert not front.practice
    assert front.source == {"zh": "fer2013.csv", "en": "fer2013.csv"}


def test_a_skipped_notebook_is_not_in_the_report(report):
    assert [section.name for section in report.sections] == ["01_cnn", "02_dnn"]


def test_the_appendix_states_surroundings_times_and_parameters(report):
    surroundings, times, parameters = report.making
    assert [table.number for table in report.making] == [2, 3, 4]
    assert surroundings.rows[0] == [{"zh": "設定檔", "en": "Profile"}, "quick"]
    assert surroundings.rows[1][1] == {"zh": "練習臉", "en": "practice faces"}
    assert surroundings.rows[2][1] == {"zh": "訓練集 6,000", "en": "training 6,000"}
    assert "numpy" in [row[0] for row in surroundings.rows]
    assert [row[0] for row in times.rows] == ["01_cnn", "02_dnn"]
    assert parameters.rows == [["01_cnn", "data", "practice"], ["01_cnn", "seed", "0"]]


@pytest.mark.parametrize(
    ("recorded", "text"),
    [
        ({"accuracy": 0.613}, "61.3%"),
        ({"value": 0.0123456}, "0.01235"),
        ({"value": 3, "low": 1, "high": 5}, "3 (1–5)"),
        ({"accuracy": None}, None),
        ("0.5", None),
    ],
)
def test_a_headline_is_printed_with_its_interval(recorded, text):
    assert headline(recorded) == (None if text is None else {"zh": text, "en": text})
