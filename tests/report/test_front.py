"""The whole report as one notebook: the first page, the questions, the appendix."""

from copy import deepcopy
from dataclasses import replace

import pytest
from made_up_report import answer_half, show_line

from fer_nb.language import Text
from fer_nb.report.cells import TABLE_TYPE, record
from fer_nb.report.front import assemble
from fer_nb.report.results import collect
from fer_nb.report.terms import read_term

COMMAND = "python -m fer_nb report"


@pytest.fixture
def report(executed, student):
    first, *others = executed
    executed = [replace(first, defaults={"data": "practice", "seed": 1}), *others]
    return assemble(executed, collect(executed, profile="quick", command=COMMAND), student)


def front(notebook):
    return notebook.metadata.fer_nb.front


def sections(notebook):
    """The notebooks in a report, each with its number, in their order."""
    homes = [cell.metadata["fer_nb"] for cell in notebook.cells]
    return list(dict.fromkeys((home["notebook"], home["number"]) for home in homes))


def tables(notebook):
    return [
        output.data[TABLE_TYPE]["rows"]
        for cell in notebook.cells
        if cell.metadata["fer_nb"]["notebook"] == "appendix"
        for output in cell.get("outputs", [])
    ]


def test_the_first_page_lists_every_notebook_with_its_answer_and_how_it_ended(report):
    first, second, third = front(report).rows
    assert (first.number, first.anchor, first.status) == (1, "01-cnn", "ok")
    assert first.answer == {"zh": "50.0% 答對。", "en": "50.0% right."}
    assert (second.status, second.answer["en"]) == ("failed", "—")
    assert first.points == {"zh": "1%", "en": "1%"}
    assert (third.number, third.anchor, third.status) == (3, None, "skipped")
    assert third.title == {"zh": "其他", "en": "The rest"}
    assert [notebook.error for notebook in front(report).notebooks] == [None, "KeyError: x", None]


def test_the_date_is_that_of_the_run(report):
    assert front(report).date == "2024-05-06"
    assert front(report).ended == "2024-05-06T07:08:09+00:00"


def test_practice_faces_are_named_and_real_data_are_not_called_so(executed, student):
    results = deepcopy(collect(executed, profile="quick"))  # shares what the notebooks recorded
    assert front(assemble(executed, results, student)).practice
    for name in ("fer2013.csv", "practice_makes_perfect.csv", "practice"):
        results["data"]["source"] = results["notebooks"]["01_cnn"]["parameters"]["data"] = name
        page = front(assemble(executed, results, student))
        assert not page.practice
        assert page.source == {"zh": name, "en": name}


def test_a_skipped_notebook_is_not_in_the_report_and_the_appendix_stands_last(report):
    assert sections(report) == [("01_cnn", "1"), ("02_dnn", "2"), ("appendix", "")]


def test_the_appendix_states_data_surroundings_times_and_only_what_differs_from_the_defaults(report):
    facts, changed = tables(report)
    told = {row[0]["en"]: row[1] for row in facts}
    assert told["Data set"] == {"zh": "練習臉 訓練集 6,000", "en": "practice faces training 6,000"}
    assert told["Fingerprint (SHA-256)"].startswith("abab")
    assert "numpy" in told["Environment"]
    assert told["Run time (networks trained before are reused)"]["en"] == "3 s (each question: 1: 2, 2: 2)"
    assert told["Command to reproduce"] == COMMAND
    assert changed == [["seed", "1", "0", "1"]]


def test_a_parameter_that_all_notebooks_share_stands_once(ran, student):
    notebooks = [
        ran(f"0{number}_a", ("markdown", "# a"), parameters={"seed": 1, f"epochs_{number}": number})
        for number in (1, 2)
    ]
    _, changed = tables(assemble(notebooks, collect(notebooks, profile="quick"), student))
    every = {"zh": "各題", "en": "all"}
    assert changed == [["seed", every, "1", "—"], ["epochs_1", "1", "1", "—"], ["epochs_2", "2", "2", "—"]]


def test_claims_of_earlier_reports_stand_in_one_table_and_only_where_they_were_recorded(ran, student, report):
    claim = {
        "report": "D", "key": "x", "claim": Text("少則錯", "few are wrong"), "measured": Text("τ", "τ"),
        "verdict": "not confirmed",
    }  # fmt: skip
    notebook = ran("04_a", ("markdown", "# a"), ("", "record()", lambda: record(claims=[claim])))
    made = assemble([notebook], collect([notebook], profile="quick"), student)
    assert tables(made)[-1] == [
        ["D", {"zh": "少則錯", "en": "few are wrong"}, {"zh": "τ", "en": "τ"},
         {"zh": "不符", "en": "not confirmed"}],
    ]  # fmt: skip
    assert any("D 由各類別的影像數解釋混淆" in cell.source for cell in made.cells)
    assert not any("D 由" in cell.source for cell in report.cells)


def test_a_term_orders_and_words_the_questions_and_leaves_out_the_others(ran, student):
    def answering(name):
        question = (
            ("lang-zh", f"# {name}\n\n**問題：** 自己的題目"),
            ("lang-en", f"# {name}\n\n**Question:** own"),
        )
        return ran(name, *question, ("", "answer", answer_half), ("main", "show(figure)", show_line))

    notebooks = [answering(f"0{number}_a") for number in range(1, 8)]
    results = collect(notebooks, profile="quick")
    made = assemble(notebooks, results, student, term="2018fall")
    assert sections(made) == [
        ("01_a", "1a"), ("02_a", "1b"), ("04_a", "3"), ("05_a", "4"), ("06_a", "5"), ("appendix", ""),
    ]  # fmt: skip
    first, second, *_ = front(made).rows
    assert (first.points["en"], first.answer["en"]) == ("2%", "50.0% right. 50.0% right.")
    assert (second.anchor, second.points["zh"]) == ("02-a", "1%")
    assert made.cells[0].source.startswith("# 01_a\n\n**第 1 題**（2%）")
    assert not any("自己的題目" in cell.source for cell in made.cells)
    bonus = front(assemble(notebooks, results, student, term="2017spring")).rows[-1]
    assert bonus.points == {"zh": "1% 加分", "en": "1% bonus"}


@pytest.mark.parametrize("term", ["2017spring", "2017fall", "2018spring", "2018fall"])
def test_every_term_asks_in_both_languages_what_a_notebook_answers(term):
    questions = read_term(term, [])
    assert all(set(question.notebooks) <= {f"0{n}" for n in range(1, 8)} for question in questions)
    assert all(question.points in {1, 2} and all(question.words.values()) for question in questions)


def test_a_notebook_that_no_term_asked_for_is_in_the_report_of_all_and_its_copy_is_not():
    questions = read_term("all", ["01_cnn", "08_more-Copy1", "08_more"])
    assert [(question.number, question.points) for question in questions] == [(1, 1), (8, None)]


def test_a_brief_report_keeps_titles_answers_and_main_cells_alone(executed, student):
    made = assemble(executed, collect(executed, profile="quick"), student, brief=True)
    assert sections(made) == [("01_cnn", "1"), ("02_dnn", "2")]
    first = [cell for cell in made.cells if cell.metadata["fer_nb"]["notebook"] == "01_cnn"]
    assert [cell.cell_type for cell in first[:2]] == ["markdown"] * 2
    assert [cell.metadata.get("tags") for cell in first[2:4]] == [[], ["main"]]
    assert all(cell.source == "" for cell in made.cells if cell.cell_type == "code")
