"""What happens to a notebook before it becomes HTML or PDF."""

from types import SimpleNamespace

import pytest
from made_up_report import answer_half, fail, print_lines, show_line, show_small_table
from nbformat import v4

from fer_nb.report import preprocessors
from fer_nb.report.cells import AnswerBox
from fer_nb.report.exporters import FerHTMLExporter
from fer_nb.report.front import assemble
from fer_nb.report.numbering import references, unknown_citations
from fer_nb.report.preprocessors import divided
from fer_nb.report.results import collect


@pytest.fixture
def prepared(ran, monkeypatch):
    """Makes a notebook of cells and returns it as the template gets it, its Markdown left as it is."""

    def make(*content, name="01_a", languages=("zh", "en")):
        monkeypatch.setattr(preprocessors, "convert", lambda texts, target: {text: text for text in texts})
        exporter = FerHTMLExporter(languages=list(languages))
        notebook, _ = exporter._preprocess(ran(name, *content).notebook, {"metadata": {"name": name}})
        return notebook

    return make


def own(notebook, name):
    """What the preprocessors noted under a name, cell by cell and output by output."""
    items = [item for cell in notebook.cells for item in (cell, *cell.get("outputs", []))]
    return [found[name] for item in items if name in (found := item.get("metadata", {}).get("fer_nb", {}))]


def parts(notebook):
    return [part for several in own(notebook, "parts") for part in several]


def headings(notebook):
    return [part for part in parts(notebook) if part["heading"]]


def test_a_pair_becomes_bilingual_headings_with_both_texts_below_each(prepared):
    notebook = prepared(
        ("lang-zh", "# 題目\n\n文字\n\n## 資料\n\n更多"),
        ("lang-en", "# Question\n\nwords\n\n## Data\n\nmore"),
    )
    assert [(part["heading"], part["body"]) for part in parts(notebook)] == [
        ({"zh": "###### 題目", "en": "###### Question"}, {"zh": "文字", "en": "words"}),
        ({"zh": "###### 資料", "en": "###### Data"}, {"zh": "更多", "en": "more"}),
    ]


def test_texts_whose_headings_differ_follow_one_another_each_in_its_language(prepared):
    notebook = prepared(("lang-zh", "# 一\n\n甲\n\n## 二\n\n乙"), ("lang-en", "# one\n\na"))
    assert [list(part["heading"]) for part in headings(notebook)] == [["zh"], ["zh"], ["en"]]


def test_two_pairs_in_a_row_stay_apart(prepared):
    notebook = prepared(("lang-zh", "甲"), ("lang-en", "a"), ("lang-zh", "乙"), ("lang-en", "b"))
    assert [part["body"] for part in parts(notebook)[1:]] == [
        {"zh": "甲", "en": "a"},
        {"zh": "乙", "en": "b"},
    ]


def test_text_without_a_language_is_for_all_and_an_empty_one_leaves_nothing(prepared):
    notebook = prepared(("markdown", "# FER2013\n\n$x$"), ("lang-zh", "\n"), languages=["en"])
    assert [part["body"] for part in parts(notebook)] == [{"any": "$x$"}]


def test_a_language_that_is_not_asked_for_is_gone(prepared):
    notebook = prepared(("lang-zh", "# 題"), ("lang-en", "# T"), ("lang-zh", "只有中文"), languages=["en"])
    assert [(part["heading"], part["body"]) for part in parts(notebook)] == [({"en": "###### T"}, {})]


def test_code_and_printed_lines_that_follow_one_another_are_one_and_the_laboratorys_are_none(prepared):
    notebook = prepared(
        ("markdown", "# a"), ("", "a = 1"), ("", "b = 2", print_lines, print_lines), ("lab-only", "c", fail)
    )
    _, code = notebook.cells
    assert code.source == "a = 1\n\nb = 2"
    assert [output.text for output in code.outputs] == ["epoch 1/2\n100%\nepoch 1/2\n100%"]


def test_an_error_keeps_its_last_lines_without_colours(prepared):
    def deep():
        return v4.new_output("error", ename="E", evalue="", traceback=["\x1b[31mx\x1b[0m"] * 90)

    output = prepared(("", "broken()", deep)).cells[-1].outputs[0]
    assert output.traceback == ["\n".join(["x"] * 40)]


def test_figures_and_tables_are_numbered_and_a_reference_to_their_cell_finds_the_first(prepared, ran):
    text = (
        ("lang-zh", "# 題\n\n見[曲線](#01-02)"),
        ("lang-en", "# T\n\n[the curves](#01-02) and [a table](#01-09)"),
    )
    content = (*text, ("main", "show(figure)", show_line, show_small_table, show_line))
    notebook = ran("01_a", *content).notebook
    notebook.cells[2]["id"] = "01-02"
    exporter = FerHTMLExporter()
    prepared_notebook, _ = exporter._preprocess(notebook, {"metadata": {"name": "01_a"}})
    assert [figure["number"] for figure in own(prepared_notebook, "figure")] == [1, 2]
    assert [table["anchor"] for table in own(prepared_notebook, "table")] == ["table-1"]
    assert parts(prepared_notebook)[0]["body"] == {
        "zh": '<p>見<a href="#figure-1">圖\N{NO-BREAK SPACE}1</a></p>',
        "en": '<p><a href="#figure-1">Figure\N{NO-BREAK SPACE}1</a> and a table</p>',
    }


def test_gaps_between_heading_levels_are_closed_and_a_second_title_is_a_part(prepared):
    notebook = prepared(("markdown", "# a\n\n#### b\n\n### c\n\n# d"), name="04_x")
    assert [(part["level"], part["number"], part["anchor"]) for part in headings(notebook)] == [
        (1, "4", "04-x"), (2, "4.1", "04-x-1"), (3, "", "04-x-2"), (2, "4.2", "04-x-3"),
    ]  # fmt: skip


def test_a_notebook_without_a_heading_gets_its_name(prepared):
    notebook = prepared(("", "1"), name="05_saliency")
    assert [part["heading"] for part in headings(notebook)] == [{"any": "###### 05 saliency"}]


def test_a_filled_answer_points_to_its_figure_and_an_unfilled_one_is_not_printed(prepared):
    (answer,) = own(prepared(("markdown", "# a"), ("", "answer", answer_half)), "answer")
    assert (answer["finding"]["en"], answer["see"]) == ("###### It answers *half* right.", {})
    waiting = v4.new_output("display_data", data={"text/plain": "…"}, metadata={"fer_nb": {"answer": None}})
    assert own(prepared(("markdown", "# a"), ("", "answer", lambda: waiting)), "answer") == []


def test_citations_are_numbered_in_order_and_listed_once_at_the_end(prepared):
    notebook = prepared(
        ("lang-zh", "# 甲\n\n[@guo2017] 與 [@he2015]"), ("lang-en", "# a\n\n[@guo2017], then [@nobody]"),
        ("", "say()", lambda: preprocessors_say("再一次 [@guo2017]", "again [@guo2017]")),
    )  # fmt: skip
    assert parts(notebook)[0]["body"]["zh"] == "[\\[1\\]](#reference-1) 與 [\\[2\\]](#reference-2)"
    assert parts(notebook)[0]["body"]["en"].endswith("[@nobody]")
    assert own(notebook, "references") == [[references()["guo2017"], references()["he2015"]]]
    assert headings(notebook)[-1]["heading"]["en"] == "###### References"


def preprocessors_say(zh, en):
    from fer_nb.report import cells

    cells.say(zh=zh, en=en)


def test_a_key_that_no_reference_has_is_told():
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("[@guo2017] [@nobody]")])
    assert unknown_citations(notebook) == ["nobody"]


def test_every_reference_says_who_what_and_when():
    assert all(text.count(",") >= 2 and any(c.isdigit() for c in text) for text in references().values())


def test_a_number_sign_in_fenced_code_is_no_heading():
    text = "```python\n# a comment\n```\n~~~\n# another\n~~~\n# heading"
    assert [(level, heading) for level, heading, _ in divided(text)] == [(0, ""), (1, "heading")]


def test_a_number_sign_without_a_blank_is_no_heading_and_closing_signs_are_dropped():
    assert [(level, heading) for level, heading, _ in divided("#hash\n\n## a ##")] == [(0, ""), (2, "a")]


def test_figures_are_numbered_through_all_notebooks_and_cells_have_lasting_unique_ids(executed, student):
    def once():
        report = assemble(executed, collect(executed, profile="quick"), student)
        return FerHTMLExporter()._preprocess(report, {"metadata": {"name": "report"}})[0]

    notebook = once()
    assert [figure["number"] for figure in own(notebook, "figure")] == [1, 2]
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in once().cells]


def test_the_answer_box_waits_for_its_answer_in_jupyterlab(monkeypatch):
    shown = []
    handle = SimpleNamespace(update=lambda data, **_: shown.append(data))
    monkeypatch.setattr("fer_nb.report.cells.display", lambda data, **_: shown.append(data) or handle)
    AnswerBox()
    assert "答案會出現在這裡" in shown[0]["text/plain"]
