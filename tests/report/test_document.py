"""The report as blocks, before it becomes HTML or PDF."""

import pytest
from made_up_report import print_lines, show_line

from fer_nb.report.blocks import Code, Figure, Printed, Table
from fer_nb.report.document import document, plain_text
from fer_nb.report.merge import merge
from fer_nb.report.prose import Heading, Prose


def blocks(sections, kind):
    return [block for section in sections for block in section.blocks if isinstance(block, kind)]


def test_merged_cells_have_lasting_unique_ids_and_know_their_notebook(executed):
    merged = merge(executed)
    ids = [cell.id for cell in merged.cells]
    assert len(set(ids)) == len(ids)
    assert ids[:2] == ["01_cnn-0", "01_cnn-1"]
    assert ids == [cell.id for cell in merge(executed).cells]
    assert {cell.metadata["fer_nb"]["notebook"] for cell in merged.cells} == {"01_cnn", "02_dnn", "03_rest"}


def test_a_reference_to_a_cell_becomes_the_number_of_what_it_shows(ran):
    text = ("lang-zh", "[曲線](#01-02)"), ("lang-en", "[the curves](#01-02) and [a table](#01-09)")
    notebook = ran("01_a", *text, ("main", "show(figure)", show_line, show_line))
    notebook.notebook.cells[2]["id"] = "01-02"
    (section,) = document(merge([notebook]))
    assert [block.markdown for block in section.blocks if isinstance(block, Prose)] == [
        "[圖 1](#figure-1)", "[Figure 1](#figure-1) and a table",
    ]  # fmt: skip
    assert [figure.main for figure in blocks([section], Figure)] == [True, True]


def test_code_and_printed_lines_that_follow_one_another_are_one_fold(ran):
    notebook = ran("01_a", ("", "a = 1"), ("", "b = 2", print_lines, print_lines), ("", "c = 3"))
    (section,) = document(merge([notebook]))
    assert [block.source for block in blocks([section], Code)] == ["a = 1\n\nb = 2", "c = 3"]
    assert len(blocks([section], Printed)) == 1


def test_a_brief_report_keeps_the_title_and_the_main_cells(ran):
    notebook = ran(
        "01_a", ("lang-zh", "# 題"), ("lang-en", "# Title"), ("lang-zh", "細節"), ("main", "show()")
    )
    assert [cell.source for cell in merge([notebook], brief=True).cells] == ["# 題", "# Title", "show()"]


def test_what_is_only_for_the_laboratory_is_left_out(executed):
    assert "explore()" not in [cell.source for cell in merge(executed).cells]


def test_a_section_is_numbered_as_its_notebook_and_titled_by_its_first_heading(executed):
    sections = document(merge(executed[1:]))
    assert [(section.name, section.number) for section in sections] == [("02_dnn", "2"), ("03_rest", "3")]
    assert sections[0].title == {"zh": "全連接網路", "en": "The plain network"}


def test_headings_are_numbered_and_anchored(executed):
    headings = blocks(document(merge(executed[:1])), Heading)
    assert [(heading.level, heading.number, heading.anchor) for heading in headings] == [
        (1, "1", "01-cnn"),
        (2, "1.1", "01-cnn-1"),
    ]


def test_gaps_between_heading_levels_are_closed_and_a_second_title_is_a_part(ran):
    text = "# a\n\n#### b\n\n### c\n\n# d"
    levels = [
        heading.level for heading in blocks(document(merge([ran("01_a", ("markdown", text))])), Heading)
    ]
    assert levels == [1, 2, 3, 2]


def test_a_notebook_without_a_heading_gets_its_name(ran):
    sections = document(merge([ran("05_saliency", ("", "1"))]))
    assert sections[0].title == {"zh": "05 saliency", "en": "05 saliency"}
    assert isinstance(sections[0].blocks[1], Code)


def test_figures_and_tables_are_numbered_through_all_notebooks(executed):
    sections = document(merge(executed))
    assert [figure.number for figure in blocks(sections, Figure)] == [1, 2]
    figure = blocks(sections, Figure)[0]
    assert figure.png.startswith(b"\x89PNG")
    assert figure.width == 3 * 96
    (table,) = blocks(sections, Table)
    assert (table.number, table.rows[1], table.align) == (1, ["dense", 7], ["left", "right"])


def test_printed_lines_and_errors_are_plain_text(executed):
    printed = blocks(document(merge(executed)), Printed)
    assert printed == [Printed("epoch 1/2\n100%", "stream"), Printed("KeyError: <b>x</b>", "error")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\rb\n", "b"), ("\x1b[1mbold\x1b[0m", "bold"), ("50%\r\n", "50%"), ("\n\na\n", "a")],
)
def test_plain_text_is_what_a_terminal_shows_in_the_end(text, shown):
    assert plain_text(text) == shown
