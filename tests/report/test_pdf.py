"""The PDF, read back: its text, its outline, its tags."""

import io
import json
import re

import pandas as pd
import pypdf
import pytest
import typst

from fer_nb.language import Text
from fer_nb.report import pdf
from fer_nb.report.cells import show_table
from fer_nb.report.front import assemble
from fer_nb.report.markdown import convert
from fer_nb.report.pdf import pdf_document, typst_string
from fer_nb.report.render import CHOICES, markdown, spoken
from fer_nb.report.results import collect

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def document(executed, student):
    """Renders the PDF and returns its bytes and what was said."""

    def make(language="both", *, notebooks=executed, student=student):
        languages = CHOICES[language]
        report = spoken(assemble(notebooks, collect(notebooks, profile="quick"), student), languages)
        said = []
        converted = convert(markdown(report, languages), "typst")
        return pdf_document(report, converted, languages, echo=said.append), said

    return make


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
    text = text_of(document()[0])
    for words in (
        "準確率為何？",
        "How accurate?",
        "答對一半。",
        "50.0% (45.0%–55.0%)",
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
    assert "本報告如何產生" in outline[-1]


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


def test_two_builds_are_equal_to_the_byte(document):
    assert document()[0] == document()[0]


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
    assert said == ["report.pdf: no font has \U0001f600: shown as □"]


def test_an_error_of_the_template_is_not_hidden(document, monkeypatch):
    monkeypatch.setattr(pdf, "typst_string", lambda _: '"unclosed')
    with pytest.raises(typst.TypstError):
        document()


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "#x", "\x07", "中文"])
def test_a_typst_string_is_the_text_and_nothing_more(text):
    written = typst.Compiler(f"#let x = {typst_string(text)}\n#metadata(x) <x>".encode()).query(
        "<x>", field="value"
    )
    assert json.loads(written) == [text]


def test_a_long_name_in_a_table_may_break_and_a_short_one_may_not():
    assert pdf._cell("models.compact_cnn/norm+aug") == '"models.\u200bcompact_cnn/\u200bnorm+aug"'
    assert pdf._cell("batch_norm") == '"batch_norm"'


def test_every_table_stays_on_its_page(document, ran):
    frame = pd.DataFrame({f"column {i}": [f"value_{i}_of_a_row", "0.12345"] for i in range(14)})
    wide = ran("01_a", ("", "show_table()", lambda: show_table(frame, caption=Text("寬", "wide"))))
    reader = pypdf.PdfReader(io.BytesIO(document(notebooks=[wide])[0]))
    right = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, *_: right.append(tm[4]) if text.strip() else None)
    assert max(right) < 595
    assert "value" in text_of(document(notebooks=[wide])[0])
