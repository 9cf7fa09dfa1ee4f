"""Tiny notebooks for the report's tests: some to run, some as if they had run."""

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import nbformat
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from nbformat import v4

from fer_nb.language import Text
from fer_nb.report import cells
from fer_nb.report.execute import Executed, recorded
from fer_nb.report.student import Student


@pytest.fixture
def write_notebook(tmp_path):
    """Writes a notebook of cells given as (tags, source); Markdown where the tags name a language."""

    def write(name: str, *content: tuple[str, str], folder: Path = tmp_path / "notebooks") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        notebook = v4.new_notebook(cells=[cell(tags, source) for tags, source in content])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        path = folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def cell(tags, source, *calls):
    """A cell; Markdown where the tags name a language, else code with the outputs of the calls."""
    words = tags.split()
    if any(word.startswith(("lang-", "markdown")) for word in words):
        return v4.new_markdown_cell(source, metadata={"tags": words})
    outputs = []

    def display(data, *, raw, metadata=None):
        assert raw
        outputs.append(v4.new_output("display_data", data=data, metadata=metadata or {}))

    with patch.object(cells, "display", display):
        for call in calls:
            extra = call()
            outputs.extend([extra] if extra is not None else [])
    return v4.new_code_cell(source, metadata={"tags": words}, outputs=outputs, execution_count=1)


def show_line():
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1], [0, 1])
    caption = Text("一條線，斜率 $a$。", "A line of slope $a$.")
    cells.show(figure, caption=caption, alt=Text("由左下到右上。", "It rises."))


def show_small_table():
    frame = pd.DataFrame({Text("網路", "network"): [Text("卷積", "convolution"), "dense"], "n": [1703047, 7]})
    cells.show_table(frame, caption=Text("兩個網路。", "Two networks."))


def print_lines():
    return v4.new_output("stream", name="stdout", text="\x1b[31mepoch 1/2\x1b[0m\n 1%\r100%\n")


def fail():
    return v4.new_output(
        "error", ename="KeyError", evalue="x", traceback=["\x1b[31mKeyError\x1b[0m: <b>x</b>"]
    )


@pytest.fixture
def ran():
    """Makes a notebook as if it had run, from cells as `cell` takes them."""

    def make(name, *content, status="ok", error=None, parameters=None):
        notebook = v4.new_notebook(cells=[cell(*given) for given in content])
        notebook.metadata["papermill"] = {"end_time": "2024-05-06T07:08:09.123456+00:00"}
        return Executed(
            name=name, status=status, seconds=1.5, parameters=parameters or {}, results=recorded(notebook),
            error=error, notebook=notebook,
        )  # fmt: skip

    return make


@pytest.fixture
def executed(ran):
    """Three notebooks: one that went well, one that failed, one that was not run."""
    return [
        ran(
            "01_cnn",
            ("lang-zh", "# 卷積網路\n\n**準確率**為何？ $x^2$\n\n## 資料\n\n兩類。"),
            ("lang-en", "# The convolutional network\n\nHow **accurate**? $x^2$\n\n## Data\n\nTwo classes."),
            ("parameters", "seed = 0"),
            ("", "show(figure)", show_line, show_small_table, print_lines),
            ("", "say()", lambda: cells.say(zh="結果是 **0.5**。", en="The result is **0.5**.")),
            ("", "record()", lambda: cells.record(
                data={"source": "practice faces", "fingerprint": "ab" * 32, "counts": {"Training": 6000}},
                answer=Text("答對一半。", "It answers half right."),
                headline={"label": Text("公開", "public"), "accuracy": 0.5, "low": 0.45, "high": 0.55},
            )),
            ("lab-only", "explore()", print_lines),
            parameters={"data": "practice", "seed": 0},
        ),
        ran(
            "02_dnn",
            ("lang-zh", "# 全連接網路"), ("lang-en", "# The plain network"),
            ("", "show(figure)", show_line), ("", "broken()", fail),
            status="failed", error="KeyError: x",
        ),
        Executed("03_rest", "skipped", notebook=v4.new_notebook(
            cells=[cell("lang-zh", "# 其他"), cell("lang-en", "# The rest")]
        )),
    ]  # fmt: skip


@pytest.fixture
def student():
    return Student(
        student_id={"zh": "R00000000", "en": "R00000000"},
        department={"zh": "系級", "en": "department"},
        name={"zh": "王小明", "en": "Hsiao-Ming Wang"},
        collaborators=[],
    )


@pytest.fixture
def nasty_student():
    """Texts that are markup, code or a path in HTML, Typst, Markdown or Jinja."""
    texts = SimpleNamespace(
        html="<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
        typst='"; #panic("x"); #read("/etc/passwd") $x$ @label *b* _i_ `c` \\ // <l>',
        jinja="{{ 7 * 7 }}{% raw %}",
    )
    return Student(
        student_id=dict.fromkeys(("zh", "en"), texts.html),
        department=dict.fromkeys(("zh", "en"), texts.typst),
        name=dict.fromkeys(("zh", "en"), texts.jinja),
        collaborators=[dict.fromkeys(("zh", "en"), texts.html + texts.typst)],
    )
