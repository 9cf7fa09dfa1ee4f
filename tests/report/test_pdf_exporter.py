"""The PDF, read back: its text, its outline, its tags."""

import io
import json
import re
from dataclasses import replace

import pandas as pd
import pypdf
import pytest
import typst
from made_up_report import once, show_line
from matplotlib import pyplot
from nbformat import v4

from fer_nb.language import LANGUAGES, Text
from fer_nb.report import exporters
from fer_nb.report.cells import say, show, show_table
from fer_nb.report.exporters import FerPDFExporter
from fer_nb.report.front import assemble
from fer_nb.report.paper import table_cell, typst_string
from fer_nb.report.results import collect

MARGIN = 62  # points, of a page of 595
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def document(executed, student):
    """Renders the PDF and returns its bytes and what was said."""

    @once
    def make(*languages, notebooks=executed, student=student, code=False, **options):
        report = assemble(notebooks, collect(notebooks, profile="quick"), student, **options)
        return printed(report, *languages, code=code)

    return make


def printed(notebook, *languages, code=False):
    said = []
    exporter = FerPDFExporter(
        languages=list(languages or LANGUAGES), exclude_input=not code, echo=said.append
    )
    return exporter.from_notebook_node(notebook)[0], said


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def outline_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))

    def titles(entries):
        return [titles(entry) if isinstance(entry, list) else entry.title for entry in entries]

    return titles(reader.outline)


def test_the_pdf_is_tagged_accessible_and_titled(document):
    content, said = document()
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert said == []
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-TW"
    assert b"pdfuaid" in content
    assert reader.metadata.title.startswith("影像情緒分類報告")


def test_text_comes_out_as_it_was_written(document):
    text = " ".join(text_of(document()[0]).replace("\u2060", "").split())
    for words in (
        "準確率為何？",
        "How accurate?",
        "一半。",
        "50.0% right.",
        "結果是 0.5。",
        "1,703,047",
    ):
        assert words in text
    assert "練習臉上的準確率不能說明 FER2013 上的表現" in text
    assert "KeyError: x" in text


def test_the_outline_holds_every_notebook_in_both_languages(document):
    outline = outline_of(document()[0])
    assert outline[0].startswith("1")
    assert "卷積網路" in outline[0]
    assert "The convolutional network" in outline[0]
    assert ["資料" in entry and "Data" in entry for entry in outline[1]] == [True]
    assert "附錄" in outline[-1]


def test_figures_have_one_number_in_both_languages_and_alternative_text(document):
    content, _ = document()
    text = text_of(content)
    assert "圖 2：" in text
    assert "Figure 2." in text
    assert "It rises." in alternatives(content)


def alternatives(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    objects = (
        reader.get_object(number) for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm))
    )
    return " ".join(str(item["/Alt"]) for item in objects if isinstance(item, dict) and "/Alt" in item)


def test_a_report_in_english_holds_no_chinese(document):
    content, _ = document("en")
    assert CHINESE.findall(text_of(content)) == []
    assert CHINESE.findall(str(outline_of(content))) == []
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "en"


def test_a_report_in_chinese_holds_no_english_text(document):
    text = text_of(document("zh")[0])
    for word in ("Figure", "Table", "Contents", "network", "Question", "practice faces"):
        assert word not in text


def test_code_and_printed_lines_are_left_out(document):
    text = text_of(document()[0])
    assert "show(figure)" not in text
    assert "epoch 1/2" not in text


def test_texts_that_follow_one_another_are_paragraphs_of_their_own(document, ran):
    texts = [
        ("", "say()", lambda: say(zh="第一段。", en="One.")),
        ("", "say()", lambda: say(zh="第二段。", en="Two.")),
    ]
    text = text_of(document("zh", notebooks=[ran("01_a", ("lang-zh", "# 題"), *texts)])[0])
    assert "第一段。\n第二段。" in text


def test_code_is_shown_where_it_is_asked_for(document):
    assert "show(figure)" in text_of(document(code=True)[0])


def links_of(content):
    """Where the links of the PDF lead: names of destinations, or pages."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [link.get_object() for page in pages for link in page.get("/Annots", [])]


def test_a_reference_leads_to_its_figure_and_one_to_nothing_is_text(document, ran):
    text = "見 [曲線](#01-27)、[別的](#01-99) 與 [x](#nowhere)。"
    notebook = ran("01_a", ("lang-zh", f"# 題\n\n{text}"), ("main", "show(figure)", show_line))
    notebook.notebook.cells[1]["id"] = "01-27"
    content, _ = document("zh", notebooks=[notebook])
    assert "見圖1、別的與x。" in "".join(text_of(content).split())
    without = ran("01_a", ("lang-zh", "# 題"), ("main", "show(figure)", show_line))
    assert len(links_of(content)) == len(links_of(document("zh", notebooks=[without])[0])) + 1


def test_what_the_student_remarks_stands_in_its_section_in_the_languages_that_it_has(document, student):
    remarks = {"01_cnn": {"zh": "很 **難**", "en": "*Hard*"}, "02_dnn": {"zh": "只有中文"}}
    told = replace(student, remarks=remarks)
    english = text_of(document("en", student=told)[0])
    assert "Hsiao-Ming Wang’s remarks" in english
    assert "Hard" in english
    assert "只有中文" in text_of(document("zh", student=told)[0])
    assert CHINESE.findall(english) == []


def test_a_notebook_of_which_nothing_is_shown_leaves_a_report(document, executed, ran):
    content, _ = document("en", notebooks=[*executed, ran("08_scratch", ("", ""))])
    assert "08_scratch" in text_of(content)


@pytest.mark.parametrize(("languages", "pages"), [(["zh"], 3), ([], 6)])
def test_a_brief_report_keeps_to_its_pages_and_to_what_is_main(document, ran, languages, pages):
    def picture():
        figure, _ = pyplot.subplots(figsize=(6.7, 6))
        show(figure, caption=Text("大圖", "large"), alt=Text("空的", "empty"))

    notebooks = [
        ran(
            f"0{number}_a",
            ("lang-zh", f"# 題 {number}"), ("lang-en", f"# Question {number}"), ("lang-zh", "細節"),
            ("main", "show(figure)", picture), ("main", "say()", lambda: say(zh="結論。", en="Takeaway.")),
            ("", "say()", lambda: say(zh="旁枝。", en="Aside.")),
        )
        for number in range(1, 8)
    ]  # fmt: skip
    content, _ = document(*languages, notebooks=notebooks, brief=True)
    text = text_of(content)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= pages
    assert text.count("結論。") == 7
    assert "旁枝" not in text
    assert "細節" not in text


def test_two_builds_are_equal_to_the_byte(document):
    assert document()[0] == document(code=False)[0]


def test_what_a_student_or_a_file_says_is_text(document, nasty_student, ran):
    nasty = '"; #panic("x") */ // ` $ @a <b> \\ [ ] { }'
    notebook = ran("01_a", ("markdown", "# " + '#panic("x") $ @a'), status="failed", error=nasty)
    text = text_of(document(notebooks=[notebook], student=nasty_student)[0])
    text = "".join(text.split())
    assert '#panic("x");#read("/etc/passwd")$x$@label' in text
    assert '"; #panic("x") */ // ` $ @a <b>'.replace(" ", "") in text
    assert "{{7*7}}" in text
    assert "<script>alert(1)</script>" in text
    assert "root:" not in text


def test_a_sign_that_no_font_has_is_shown_as_a_box_and_said(document, ran):
    notebook = ran("01_a", ("markdown", "# 好 \U0001f600\n\nfine \U0001f600 ✓"))
    content, said = document(notebooks=[notebook])
    assert "□" in text_of(content)
    assert said == ["PDF: no font has \U0001f600: shown as □"]


def test_a_control_character_that_no_font_has_vanishes(document, ran):
    content, said = document(notebooks=[ran("01_a", ("markdown", "# a\x80b\n\nfine\x9f"))])
    assert "ab" in text_of(content)
    assert said == []


def test_an_error_of_the_template_is_not_hidden(document, monkeypatch):
    monkeypatch.setattr(exporters, "typst_string", lambda _: '"unclosed')
    with pytest.raises(typst.TypstError):
        document(code=False)


HOSTILE = [
    r"$\input{x}$", r"$\frac{1}{$", r"$\href{a}{b}$", r"$\newcommand{\x}{1}$",
    r"$$\begin{align} a &= b \ c &= d \end{align}$$", "###### six", ">" * 400 + " deep", "[" * 300,
    "ferNbPiece1Ends", "- " * 300, "\ufeffa\u200d😀", "a" * 5000, "*" * 500,
]  # fmt: skip


def test_whatever_a_student_remarks_the_pdf_is_made(document, student, ran):
    cells = [("lang-zh", text) for text in HOSTILE]
    notebook = ran("01_a", ("lang-zh", "# 題"), *cells, ("lang-zh", "結束。"))
    text = text_of(document("zh", notebooks=[notebook], student=student)[0])
    assert "six" in text
    assert "結束。" in text


def test_a_name_may_hold_signs_that_draw_nothing(document, student):
    name = dict.fromkeys(LANGUAGES, "\ufeff王小明 \u200bA\u2060\u202e")
    assert "王小明" in text_of(document(student=replace(student, name=name))[0])


def test_a_raw_cell_is_no_typst():
    notebook = v4.new_notebook(cells=[v4.new_raw_cell('#panic("x")'), v4.new_markdown_cell("fine")])
    content, said = printed(notebook)
    assert "fine" in text_of(content)
    assert said == []


def test_a_picture_that_cannot_be_read_leaves_the_report_readable(document, ran):
    broken = v4.new_output("display_data", data={"image/png": "bm90IGEgcGljdHVyZQ=="})
    notebook = ran("01_a", ("lang-zh", "# 題"), ("", "show()", lambda: broken), ("lang-zh", "之後。"))
    content, said = document(notebooks=[notebook])
    assert "之後。" in text_of(content)
    assert "picture" in said[0]


def test_the_first_page_gives_the_page_of_each_answer(document):
    page = pypdf.PdfReader(io.BytesIO(document("en")[0])).pages[0].extract_text()
    assert re.search(r"50\.0% right\.\s+[12]\s", page)


def test_the_running_header_has_no_placeholder(document, ran, student):
    def pages(**changes):
        content, _ = document("zh", student=replace(student, **changes), notebooks=[long])
        return [page.extract_text().splitlines()[0] for page in pypdf.PdfReader(io.BytesIO(content)).pages][
            1:
        ]

    long = ran("01_a", ("lang-zh", "# 題\n\n" + "字。\n\n" * 60))
    assert all("R00000000" in head for head in pages())
    placeholder = {"zh": "（請填學號）", "en": "(student ID)"}
    assert not any("請填" in head for head in pages(student_id=placeholder))


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "#x", "\x07", "中文"])
def test_a_typst_string_is_the_text_and_nothing_more(text):
    written = typst.Compiler(f"#let x = {typst_string(text)}\n#metadata(x) <x>".encode()).query(
        "<x>", field="value"
    )
    assert json.loads(written) == [text]


def test_a_long_name_in_a_table_may_break_and_a_short_one_may_not():
    assert table_cell("models.compact_cnn/norm+aug") == '"models.\u200bcompact_cnn/\u200bnorm+aug"'
    assert table_cell("batch_norm") == '"batch_norm"'
    assert table_cell("batch_norm", columns=12) == '"batch_\u200bnorm"'


def test_every_table_stays_on_its_page(document, ran):
    frame = pd.DataFrame({f"column {i}": [f"value_{i}_of_a_row", "0.12345"] for i in range(14)})
    wide = ran("01_a", ("", "show_table()", lambda: show_table(frame, caption=Text("寬", "wide"))))
    reader = pypdf.PdfReader(io.BytesIO(document(notebooks=[wide])[0]))
    right = []
    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: right.append(tm[4] + cm[4]) if text.strip() else None
        )
    assert 400 < max(right) < 595 - MARGIN
    assert "value" in text_of(document(notebooks=[wide])[0])
