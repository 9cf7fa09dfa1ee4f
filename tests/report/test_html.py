"""The page: one file, two languages, no request, nothing foreign."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from made_up_report import show_line, show_small_table

from fer_nb.report.front import assemble
from fer_nb.report.render import render
from fer_nb.report.results import collect

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture
def page(executed, student, tmp_path, monkeypatch):
    """Renders the page alone and returns it, parsed."""
    monkeypatch.setattr("fer_nb.report.render.pdf_document", lambda *_, **__: b"")

    def make(language="both", *, notebooks=executed, student=student, **options):
        report = assemble(notebooks, collect(notebooks, profile="quick"), student, **options)
        path, _ = render(report, out=tmp_path, language=language, echo=print)
        return BeautifulSoup(path.read_bytes(), "html.parser")

    return make


def texts(tags):
    return [" ".join(tag.get_text(" ").split()) for tag in tags]


def test_the_page_refers_to_nothing_outside_itself(page):
    soup = page()
    assert [tag["src"][:22] for tag in soup.find_all(src=True)] == ["data:image/png;base64,"] * 2
    assert all(link["href"].startswith("#") for link in soup.find_all(href=True))
    assert "url(" not in soup.style.string
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
    assert texts(links)[:2] == ["1 卷積網路 The convolutional network", "1.1 資料 Data"]
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
    assert "show(figure)" in soup.find("details", class_="code").get_text()
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


def test_the_first_page_leads_to_the_main_figures_and_tables(page, ran):
    notebook = ran("01_a", ("lang-zh", "# 題"), ("main", "show()", show_line, show_small_table))
    soup = page("zh", notebooks=[notebook])
    links = soup.find(class_="see").find_all("a")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("#figure-1", "圖 1"),
        ("#table-1", "表 1"),
    ]
    assert all(soup.find(id=link["href"][1:]) for link in links)


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
    assert soup.find(id="making") is None
    assert soup.find_all("details", class_="code") == []


def test_markdown_tables_scroll_and_have_scoped_headers(page, ran):
    soup = page(notebooks=[ran("01_a", ("markdown", "| a | b |\n|--:|---|\n| 1 | x |"))])
    table = soup.find("div", class_="prose").table
    assert table.parent["class"] == ["scroll"]
    assert table.th["scope"] == "col"
    assert table.td["class"] == ["right"]
