"""The first page, and how the report was made."""

from dataclasses import replace

import pytest
from made_up_report import show_line

from fer_nb.language import Text
from fer_nb.report.appendix import making
from fer_nb.report.blocks import Figure, Table
from fer_nb.report.cells import record
from fer_nb.report.front import assemble, headline
from fer_nb.report.prose import Prose
from fer_nb.report.results import collect
from fer_nb.report.terms import read_term


@pytest.fixture
def report(executed, student):
    executed[0] = replace(executed[0], defaults={"data": "practice", "seed": 1})
    command = "python -m fer_nb report"
    return assemble(executed, collect(executed, profile="quick", command=command), student)


def test_the_first_page_lists_every_notebook_with_answer_headline_and_status(report):
    first, second, third = report.front.rows
    assert (first.number, first.anchor, first.status) == (1, "01-cnn", "ok")
    assert first.answer == {"zh": "答對一半。", "en": "It answers half right."}
    assert first.headline == {
        "zh": "公開 50.0% (45.0%\u2060–\u206055.0%)",
        "en": "public 50.0% (45.0%\u2060–\u206055.0%)",
    }
    assert (second.status, second.answer) == ("failed", None)
    assert first.points == {"zh": "1%", "en": "1%"}
    assert (third.number, third.anchor, third.status) == (3, None, "skipped")
    assert third.title == {"zh": "其他", "en": "The rest"}
    assert [notebook.error for notebook in report.front.notebooks] == [None, "KeyError: x", None]


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
    assert [row[1] for row in surroundings.rows[:2]] == ["python -m fer_nb report", "quick"]
    assert surroundings.rows[2][1] == {"zh": "練習臉", "en": "practice faces"}
    assert surroundings.rows[3][1] == {"zh": "訓練集 6,000", "en": "training 6,000"}
    assert "numpy" in surroundings.rows[-1][1]
    assert [row[0] for row in times.rows[:-1]] == ["01_cnn", "02_dnn"]
    assert times.rows[-1][2] == 3.0
    same = {"zh": "同左", "en": "the same"}
    assert parameters.rows == [["data", "01_cnn", "practice", same], ["seed", "01_cnn", "0", "1"]]


def test_a_parameter_that_notebooks_share_with_one_value_stands_once(ran):
    parameters = [{"seed": 1, "cnn_epochs": 2}, {"seed": 1, "pair_epochs": 3}]
    notebooks = [
        ran(f"0{number}_a", ("markdown", "# a"), parameters=values)
        for number, values in enumerate(parameters, start=1)
    ]
    (*_, table) = making(collect(notebooks, profile="quick"), {}, {}, first=1)
    assert [row[:3] for row in table.rows] == [
        ["seed", {"zh": "全部", "en": "all"}, "1"],
        ["cnn_epochs", "01_a", "2"],
        ["pair_epochs", "02_a", "3"],
    ]


def test_a_term_orders_and_words_the_questions_and_leaves_out_the_others(ran, student):
    def answering(name, answer):
        numbers = {"answer": Text(answer, answer), "headline": {"value": 2.0}}
        question = (
            ("lang-zh", f"# {name}\n\n**問題：** 自己的題目"),
            ("lang-en", f"# {name}\n\n**Question:** own"),
        )
        return ran(name, *question, ("main", "show(figure)", show_line), ("", "", lambda: record(**numbers)))

    notebooks = [answering(f"0{number}_a", f"A{number}.") for number in range(1, 8)]
    results = collect(notebooks, profile="quick")
    report = assemble(notebooks, results, student, term="2018fall")
    assert [(section.name, section.number) for section in report.sections] == [
        ("01_a", "1a"), ("02_a", "1b"), ("04_a", "3"), ("05_a", "4"), ("06_a", "5"),
    ]  # fmt: skip
    first, second, *_ = report.front.rows
    assert (first.points["en"], first.answer["en"], first.headline["en"]) == ("2%", "A1. A2.", "2; 2")
    assert [figure.number for figure in first.see] == [1, 2]
    assert (second.anchor, second.points["zh"]) == ("02-a", "1%")
    words = [block.markdown for block in report.sections[0].blocks if isinstance(block, Prose)]
    assert words[0].startswith("**第 1 題**（2%）")
    assert not any("自己的題目" in text for text in words)
    bonus = assemble(notebooks, results, student, term="2017spring").front.rows[-1]
    assert bonus.points == {"zh": "1% 加分", "en": "1% bonus"}


@pytest.mark.parametrize("term", ["2017spring", "2017fall", "2018spring", "2018fall"])
def test_every_term_asks_in_both_languages_what_a_notebook_answers(term):
    questions = read_term(term, [])
    assert all(set(question.notebooks) <= {f"0{n}" for n in range(1, 8)} for question in questions)
    assert all(question.points in {1, 2} and all(question.words.values()) for question in questions)


def test_a_notebook_that_no_term_asked_for_is_in_the_report_of_all():
    questions = read_term("all", ["01_cnn", "08_more"])
    assert [(question.number, question.points) for question in questions] == [(1, 1), (8, None)]


def test_a_brief_report_has_neither_appendix_nor_what_is_not_main(executed, student):
    report = assemble(executed, collect(executed, profile="quick"), student, brief=True)
    assert report.making == []
    shown = [block for section in report.sections for block in section.blocks]
    assert [block.main for block in shown if isinstance(block, Figure | Table)] == [True, True]


def test_a_brief_report_answers_in_a_sentence_where_no_cell_is_main(ran, student):
    answer = Text("答案。", "The answer.")
    notebook = ran("01_a", ("lang-zh", "# 題"), ("lang-en", "# T"), ("", "", lambda: record(answer=answer)))
    results = collect([notebook], profile="quick")
    (section,) = assemble([notebook], results, student, brief=True).sections
    said = [block.markdown for block in section.blocks if isinstance(block, Prose)]
    assert said == ["答案。", "The answer."]


@pytest.mark.parametrize(
    ("recorded", "text"),
    [
        ({"accuracy": 0.613}, "61.3%"),
        ({"value": 0.0123456}, "0.01235"),
        ({"value": 3, "low": 1, "high": 5}, "3 (1\u2060–\u20605)"),
        ({"accuracy": None}, None),
        ("0.5", None),
    ],
)
def test_a_headline_is_printed_with_its_interval(recorded, text):
    assert headline(recorded) == (None if text is None else {"zh": text, "en": text})
