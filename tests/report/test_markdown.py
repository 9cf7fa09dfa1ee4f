"""Markdown to HTML and Typst, and what it may not do."""

import pytest
from bs4 import BeautifulSoup

from fer_nb.report import markdown
from fer_nb.report.markdown import convert, inline


def test_many_texts_come_back_each_as_its_own():
    texts = ["第一\n第二", "- a\n- b", inline("**粗**，後"), "# no section"]
    assert convert(texts, "html") == {
        texts[0]: "<p>第一第二</p>",
        texts[1]: "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
        texts[2]: "<strong>粗</strong>，後",
        texts[3]: "<p><strong>no section</strong></p>",
    }


def test_a_text_with_an_open_end_does_not_swallow_its_neighbour():
    converted = convert(["```\nopen", "next"], "html")
    assert converted["next"] == "<p>next</p>"


def test_a_text_that_takes_pandoc_too_long_is_shown_as_it_was_typed(monkeypatch):
    monkeypatch.setattr(markdown, "SECONDS", 3)
    monkeypatch.setattr(markdown, "SECONDS_EACH", 2)
    brackets = "[" * 3000
    assert convert([brackets, "**next**"], "html") == {
        brackets: f"<p>{brackets}</p>", "**next**": "<p><strong>next</strong></p>",
    }  # fmt: skip


def test_no_text_is_taken_for_a_mark_between_texts():
    texts = ["a", "ferNbPiece0Ends", "ends" + "0" * 64]
    assert list(convert(texts, "html").values()) == [f"<p>{text}</p>" for text in texts]


@pytest.mark.parametrize(
    "tex", [r"\input{x}", r"\frac{1}{", r"\href{a}{b}", r"\begin{nothing}x\end{nothing}"]
)
def test_tex_that_typst_cannot_have_is_shown_as_it_was_typed(tex):
    written = convert([f"${tex}$"], "typst")[f"${tex}$"]
    assert "#math" not in written


def test_mathematics_becomes_mathml_and_typst_with_its_source_read_out():
    text = r"$\frac{a}{b}$"
    assert "<mfrac>" in convert([text], "html")[text]
    assert convert([text], "typst")[text] == r'#math.equation(block: false, alt: "\\frac{a}{b}", $a / b$);'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,y)",
        "[x](https://example.org){onclick=alert(1)}",
        "[x]{style='color:red'}",
        "`<b>`{=html}",
        "::: {onclick=alert(1)}\nx\n:::",
        "# x {onclick=alert(1)}",
        "```{.python onclick=alert(1)}\nx\n```",
    ],
)
def test_markdown_brings_no_foreign_html(text):
    page = BeautifulSoup(convert([text], "html")[text], "html.parser")
    assert {tag.name for tag in page.find_all()} <= {"p", "strong", "a", "code", "pre"}
    assert {name for tag in page.find_all() for name in tag.attrs} <= {"href", "class"}
    assert all(link["href"].startswith("https://") for link in page.find_all("a"))


@pytest.mark.parametrize(
    "text",
    ['#read("/etc/passwd")', '`#panic("x")`{=typst}', "$x", "@label", "<label>", "*a", "a // b", "= no"],
)
def test_markdown_brings_no_foreign_typst(text):
    import typst

    from fer_nb.report.fonts import font_files

    source = convert([text], "typst")[text]
    typst.compile(
        source.encode(), font_paths=[path.parent for path in font_files()], ignore_system_fonts=True
    )
    assert '#read("' not in source.replace("\\#", "")
    assert "\n#panic" not in source


@pytest.mark.parametrize("text", ["1. first", "- dash", "+ plus", "= equals", "/ slash"])
def test_a_line_stays_a_line_in_typst(text):
    line = convert([inline(text)], "typst")[inline(text)]
    assert line.startswith(("#none;", "\\"))


def test_a_relation_does_not_part_from_its_sides_at_the_end_of_a_line():
    text = "test p < 0.001 and `p < 1` (p = 0.6)"
    assert "test p\u00a0&lt;\u00a00.001 and" in convert([text], "html")[text]
    assert "<code>p &lt; 1</code> (p\u00a0=\u00a00.6)" in convert([text], "html")[text]
    assert "p~\\<~0.001" in convert([text], "typst")[text]


def test_a_text_becomes_one_line_and_keeps_what_must_not_break():
    assert inline(" See\n\tFigure\N{NO-BREAK SPACE}3. ") == "###### See Figure\N{NO-BREAK SPACE}3."
