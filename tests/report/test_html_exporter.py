"""The page: one file, two languages, no request, nothing foreign."""

import base64
import hashlib
import io
import re
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise
from unittest.mock import patch

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from made_up_report import answer_half, once, show_line
from nbconvert.nbconvertapp import NbConvertApp
from nbformat import v4

from fer_nb.language import LANGUAGES
from fer_nb.report import exporters
from fer_nb.report.exporters import FerHTMLExporter
from fer_nb.report.front import assemble
from fer_nb.report.results import collect

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def page(executed, student):
    """Renders the page and returns it, parsed."""

    @once
    def make(*languages, notebooks=executed, student=student, **options):
        report = assemble(notebooks, collect(notebooks, profile="quick"), student, **options)
        usual = not languages and not options and notebooks is executed
        # Taking the signs of a page out of the font is most of a page's time: the usual page alone has them.
        with nullcontext() if usual else patch.object(exporters, "web_fonts", lambda _: ""):
            return parsed(report, *languages)

    return make


def parsed(notebook, *languages, name="report"):
    exporter = FerHTMLExporter(languages=list(languages or LANGUAGES))
    content, resources = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
    assert resources["output_extension"] == ".html"
    return BeautifulSoup(content, "html.parser")


def texts(tags):
    return [" ".join(tag.get_text(" ").split()) for tag in tags]


def test_a_system_without_a_chinese_font_shows_every_sign_of_the_page(page):
    soup = page()
    held = re.findall(r"base64,([^)]*)\)", soup.style.string)
    signs = {chr(code) for code in TTFont(io.BytesIO(base64.b64decode(held[0]))).getBestCmap()}
    assert set(CHINESE.findall(soup.get_text())) <= signs
    assert "font-src data:" in soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]


def test_the_page_refers_to_nothing_outside_itself(page):
    soup = page()
    assert [tag["src"][:19] for tag in soup.find_all(src=True)] == ["data:image/svg+xml,"] * 2
    assert all(link["href"].startswith("#") for link in soup.find_all(href=True))
    addresses = re.findall(r"url\((.{15})", soup.style.string)
    assert addresses == ["data:font/woff;"] * 2
    assert "@import" not in soup.style.string


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(page):
    soup = page()
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]

    def digest(tag):
        return "sha256-" + base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"style-src '{digest(soup.style)}'" in policy
    assert f"script-src '{digest(soup.script)}'" in policy
    assert len(soup.find_all("script")) == len(soup.find_all("style")) == 1
    handlers = [
        name for tag in soup.find_all() for name in tag.attrs if name.startswith("on") or name == "style"
    ]
    assert handlers == []


def test_headings_have_no_gaps_and_ids_are_unique(page):
    soup = page()
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"h\d"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(set(ids)) == len(ids)


def test_the_contents_lead_to_every_section(page):
    soup = page()
    links = soup.nav.find_all("a")
    assert texts(links) == [
        "1 卷積網路 The convolutional network", "2 全連接網路 The plain network", "附錄 Appendix",
    ]  # fmt: skip
    assert all(soup.find(id=link["href"][1:]) for link in soup.find_all("a"))


def test_a_pair_of_headings_is_one_heading_in_two_languages(page):
    heading = page().find(id="01-cnn")
    assert [(span.get("lang"), span.get_text()) for span in heading.find_all("span", lang=True)] == [
        ("zh-Hant-TW", "卷積網路"),
        ("en", "The convolutional network"),
    ]


def test_texts_carry_their_language(page):
    prose = page().find_all("div", class_="prose")
    assert [tag["lang"] for tag in prose[:2]] == ["zh-Hant-TW", "en"]
    assert "結果是 0.5 。" in texts(prose)
    assert "The result is 0.5 ." in texts(prose)


def test_figures_have_one_number_two_captions_and_alternative_text(page):
    figures = page().find_all("figure")
    assert texts(figures[1].find_all(class_="caption"))[1].startswith("Figure 2 . A line of slope")
    assert texts(figures[0].find_all(class_="caption"))[0].startswith("圖 1 ：一條線")
    image = figures[0].img
    assert (image["data-alt-zh"], image["data-alt-en"]) == ("由左下到右上。", "It rises.")
    assert image["alt"] == "由左下到右上。 It rises."
    assert (image["width"], image["height"]) == ("288", "192")


def test_tables_have_headers_and_numbers_at_the_right(page):
    table = page().find(id="table-1")
    assert texts(table.find_all("th", scope="col")) == ["網路 network", "n"]
    assert texts(table.find_all("th", scope="row")) == ["卷積 convolution", "dense"]
    assert texts(table.find_all("td", class_="right")) == ["1,703,047", "7"]
    assert texts([table.caption])[0].startswith("表 1 ：兩個網路。 Table 1 . Two networks.")


def test_code_and_printed_lines_are_folded_and_errors_are_not(page):
    soup = page()
    assert not any(tag.has_attr("open") for tag in soup.find_all("details"))
    folded = "".join(tag.get_text() for tag in soup.find_all("details", class_="code"))
    assert "seed = 0\n\nshow(figure)" in folded
    assert "epoch 1/2\n100%" in soup.find("details", class_="printed").get_text()
    assert "KeyError: <b>x</b>" in soup.find("div", class_="printed failed").get_text()


def test_the_first_page_warns_of_practice_faces_failures_and_what_was_not_run(page):
    banners = texts(page().header.find_all(class_="banner"))
    assert "練習臉上的準確率不能說明 FER2013 上的表現。" in banners[0]
    assert "Accuracy on practice faces says nothing about accuracy on FER2013." in banners[0]
    assert "KeyError: x" in banners[1]
    assert "3 其他 The rest" in banners[2]


def test_a_report_in_english_holds_no_chinese_and_needs_no_script(page):
    soup = page("en")
    assert CHINESE.findall(str(soup)) == []
    assert soup.html["lang"] == "en"
    assert soup.script is None
    assert soup.find(class_="switch") is None


def test_a_report_in_chinese_holds_no_english_text(page):
    soup = page("zh")
    assert soup.html["lang"] == "zh-Hant-TW"
    assert soup.find_all(lang="en") == []
    for word in ("Figure", "Table", "Contents", "network", "rises", "practice faces"):
        assert word not in soup.body.get_text(" ")


def test_what_a_student_or_a_file_says_is_text(page, nasty_student, ran):
    notebook = ran("01_<b>", ("markdown", "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>"),
                   status="failed", error="</code><script>alert(1)</script>")  # fmt: skip
    soup = page(notebooks=[notebook], student=nasty_student)
    assert len(soup.find_all("script")) == 1
    assert soup.find_all("img") == []
    values = texts(soup.find(class_="student").find_all("dd"))
    assert values[0] == nasty_student.student_id["zh"]
    assert values[1] == nasty_student.department["zh"]
    assert values[2] == nasty_student.name["zh"]
    assert "</code><script>alert(1)</script>" in texts(soup.header.find_all("code"))


def test_the_answer_stands_in_a_box_and_on_the_first_page_where_it_leads_to_its_section(page):
    soup = page()
    chinese, english = soup.find(class_="answer-box").find_all(class_="prose")
    assert english["lang"] == "en"
    assert chinese.strong.get_text() == "一半"
    assert english.em.get_text() == "half"
    assert english.math is not None
    row = soup.find(class_="overview").tbody.tr
    assert row.a["href"] == "#01-cnn"
    assert texts(row.find_all("td")) == ["50.0% 答對。 50.0% right."]


def test_the_answer_names_the_figure_that_shows_it(page, ran):
    notebook = ran("01_a", ("lang-zh", "# 題"), ("", "answer", answer_half), ("", "show()", show_line))
    notebook.notebook.cells[2]["id"] = "01-05"
    link = page("zh", notebooks=[notebook]).find(class_="answer-box").a
    assert (link["href"], link.get_text()) == ("#figure-1", "圖\N{NO-BREAK SPACE}1")


def test_a_remark_is_set_apart_under_the_students_name_and_holds_no_markup_of_its_own(page, student):
    remarks = {
        "01_cnn": dict.fromkeys(("zh", "en"), "**bold** <script>alert(1)</script> [x](javascript:alert(1))")
    }
    (remark,) = page(student=replace(student, remarks=remarks)).find_all(class_="remark")
    assert remark.find(class_="whose").get_text() == "王小明的心得"
    assert remark.strong.get_text() == "bold"
    assert remark.find_all(["script", "a"]) == []
    assert "<script>alert(1)</script>" in remark.get_text()


def test_a_brief_page_has_no_overview_no_appendix_and_no_code(page):
    soup = page(brief=True)
    assert soup.find(class_="overview") is None
    assert soup.find(id="appendix") is None
    assert soup.find_all("details", class_="code") == []


def test_markdown_tables_scroll_and_have_scoped_headers(page, ran):
    soup = page(notebooks=[ran("01_a", ("markdown", "| a | b |\n|--:|---|\n| 1 | x |"))])
    table = soup.find("div", class_="prose").table
    assert table.parent["class"] == ["scroll"]
    assert table.th["scope"] == "col"
    assert table.td["class"] == ["right"]


def test_a_foreign_notebook_is_rendered_without_what_could_reach_out_of_the_page():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "FloatSlider()"}
    data = [
        {"text/plain": "array([1])", "text/html": "<script>alert(1)</script>"},
        {"image/png": PIXEL, "text/plain": "<Figure>"},
        {"text/latex": r"$\frac{1}{2}$", "text/plain": "1/2"},
        {"text/html": "<iframe src='https://example.org'></iframe>"},
        widget,
    ]
    outputs = [v4.new_output("display_data", data=forms) for forms in data]
    outputs.append(v4.new_output("execute_result", data={"text/plain": "42"}, execution_count=1))
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Mine\n\n<b>bold</b> ![](https://example.org/x.png)\n\n# Again"),
            v4.new_code_cell("1", outputs=outputs), v4.new_raw_cell('#panic("raw")'),
        ]
    )  # fmt: skip
    soup = parsed(notebook, name="mine")
    assert soup.title.get_text() == "mine"
    assert texts(soup.find_all(["h1", "h2"])) == ["Mine", "Again"]
    assert texts(soup.find_all("pre", class_="value")) == ["array([1])", "42"]
    assert [image["alt"] for image in soup.find_all("img")] == [
        "（這張圖沒有文字說明） (a picture without a description)"
    ]
    assert soup.find("mfrac") is not None
    assert soup.find_all(["iframe", "b"]) == []
    assert "FloatSlider" not in soup.get_text()
    assert "#panic" not in soup.get_text()


def test_a_notebook_without_sections_has_no_list_of_them():
    assert parsed(v4.new_notebook(cells=[v4.new_markdown_cell("# One")]), name="mine").nav is None


@pytest.mark.parametrize(("form", "starts"), [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF")])
def test_nbconvert_finds_both_forms_by_name_in_any_folder(form, starts, tmp_path, monkeypatch):
    cell = v4.new_markdown_cell("題", metadata={"tags": ["lang-zh"]})
    nbformat.write(v4.new_notebook(cells=[cell]), tmp_path / "mine.ipynb")
    monkeypatch.chdir(tmp_path)
    languages = f"--Fer{form.upper()}Exporter.languages=zh"
    app = NbConvertApp()
    app.initialize(["--to", f"fer-{form}", languages, "mine.ipynb"])
    app.start()
    content = (tmp_path / f"mine.{form}").read_bytes()
    assert content.startswith(starts)
    assert b'lang="en"' not in content.partition(b"</head>")[2]


def test_two_pages_of_the_same_notebook_are_equal_to_the_byte(executed, student):
    report = assemble(executed, collect(executed, profile="quick"), student)
    first, second = (FerHTMLExporter().from_notebook_node(report)[0] for _ in range(2))
    assert first == second
