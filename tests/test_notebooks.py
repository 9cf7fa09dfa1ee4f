"""The notebooks: written as the house says, run to the end on a few practice faces, and read.

All in one file, for pytest-xdist runs a file on one worker, and so the report once.
"""

import ast
import json
import re
import statistics
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from printed import ANSWERING, NOTEBOOKS, Printed, answers, printed

from fer_nb.learning.models import ARCHITECTURES
from fer_nb.learning.recipes import RECIPES
from fer_nb.learning.semi.protocols import PROTOCOLS
from fer_nb.learning.transforms import NORMALIZATIONS, PRESETS
from fer_nb.report.parameters import declared
from fer_nb.report.profile import open_profile

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"data", "training_images", "seed", "runs_folder", "settings"}

AVOIDED = {
    "訓練週期": "epoch",
    "切分": "資料分割",
    "圖像": "影像",
    "筆記本": "本題",
    "驗算": "檢查",
    "單純上升": "直接梯度上升",
    "指中": "最大點命中率",
    "質量": "顯著度佔比",
    "步長": "步幅",
    "優化器": "最佳化器",
    "激活": "活化",
    "卷積核函數": "卷積核",
    "歸一化": "正規化",
    "數據": "資料",
    "神經網絡": "神經網路",
}
"""Terms that no text uses, and what a Taiwanese engineer writes instead."""

NOT_WORDS = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$|\[@[\w-]+\]|\(#[\w-]+\)", re.DOTALL)
PROGRAM = ("judge", "held_out", "runs/", "nan", "True", "False")
KEY = re.compile(
    r"\b[a-z]+\d*(?:_[a-z0-9]+)+\b|\b[a-z]+=[\w.]+|\b\w+\+(?:none|flip|practice|compact)\b|\w+:\d{2,}"
)
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*\.\d+")
UNIT = re.compile(
    r"%|°|個百分點|點|倍|秒|分鐘|像素|萬|張|points?\b|times\b|seconds?\b|\d s\b|minutes|pixels|px\b|million|"
    r"images\b"
)
PURE = re.compile(r"\bp [=<]|logit|IoU|AUC|ECE|rate|學習率|dropout|門檻|threshold|相關|correlat|nat\b")
"""Quantities that have no unit; a logit's and a loss's is their own."""
SENTENCE = re.compile(r"[^。！？\n]+[。！？]|(?:[^.!?\n]|[.!?](?!\s|$))+[.!?](?=\s|$)")
SHORT = {"zh": 10, "en": 25}  # characters; a shorter sentence may return
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell):
    return set(cell.metadata.get("tags", []))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def test_code_cells_are_short_and_hold_no_class_and_no_output(notebook):
    code = cells(notebook, "code")
    lengths = [len(cell.source.strip().splitlines()) for cell in code]
    assert len(code) <= 20 and statistics.median(lengths) <= 5
    assert max(lengths) <= 15
    assert not any(cell.outputs or cell.execution_count for cell in code)
    nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
    assert not any(isinstance(node, ast.ClassDef) for node in nodes)


def test_every_text_stands_in_both_languages_side_by_side(notebook):
    texts = [tags(cell) - {"lab-only"} for cell in cells(notebook, "markdown")]
    assert texts == [{"lang-zh"}, {"lang-en"}] * (len(texts) // 2)


def test_parameters_are_at_most_fifteen_literals_with_a_reason_behind_each(notebook):
    (cell,) = [cell for cell in cells(notebook, "code") if "parameters" in tags(cell)]
    lines = cell.source.splitlines()
    assert len(lines) == len(declared(notebook)) <= 15
    assert all(re.search(r"  # \S", line) for line in lines)


def test_cell_ids_are_unique_over_all_notebooks():
    ids = [cell.id for path in NOTEBOOKS for kind in ("code", "markdown") for cell in cells(path, kind)]
    assert len(ids) == len(set(ids))


def test_parameters_that_notebooks_share_mean_the_same_in_each():
    seen = {}
    for path in NOTEBOOKS:
        for name, default in declared(path).items():
            assert name in SHARED or name not in seen, f"{name}: {path.stem} and {seen[name]}"
            seen[name] = path.stem
            if name in SHARED:
                assert type(default) is type(declared(NOTEBOOKS[0])[name])


def test_every_profile_sets_only_what_a_notebook_declares():
    known = {name for path in NOTEBOOKS for name in declared(path)}
    for profile in (ROOT / "params").glob("*.yaml"):
        if profile.stem != "student":
            assert set(open_profile(profile).settings) <= known, profile.name


@pytest.mark.slow
def test_all_notebooks_run_to_the_end_and_give_a_report(report):
    result, out = report
    assert result.exit_code == 0, result.output
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert {entry["status"] for entry in results["notebooks"].values()} == {"ok"}
    assert results["data"]["counts"]["Training"] == 140
    assert (out / "report.html").stat().st_size < 5e6
    assert (out / "report.pdf").stat().st_size < 3e6


@pytest.mark.slow
def test_accuracies_are_recorded_with_their_intervals_by_label_and_split(report):
    _, out = report
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    models = results["notebooks"]["01_cnn"]["results"]["models"]
    assert set(models) == {"practice_cnn", "practice_dnn", "practice_cnn/dropout=0.0", "blend"}
    for splits in models.values():
        assert set(splits) == {"validation", "public", "private", "test"}
        for scores in splits.values():
            assert set(scores) == {"all", "clean"}
            assert scores["all"]["low"] <= scores["all"]["accuracy"] <= scores["all"]["high"]


@pytest.mark.slow
def test_every_notebook_answers_its_question_in_sentences_of_both_languages(report):
    _, out = report
    for path in ANSWERING:
        (answer,) = answers(out / "notebooks" / path.name)
        for part in ("finding", "reason", "limit", "front"):
            assert answer[part]["zh"].endswith("。") and answer[part]["en"].endswith(".")


@pytest.fixture(params=ANSWERING, ids=lambda path: path.stem)
def answering(request):
    return request.param


def texts(report: tuple[object, Path], notebook: Path) -> list[Printed]:
    _, out = report
    return [
        one._replace(text=NOT_WORDS.sub("", one.text)) for one in printed(out / "notebooks" / notebook.name)
    ]


@pytest.mark.slow
def test_no_name_of_the_program_is_printed(report, answering):
    keys = {*RECIPES, *ARCHITECTURES, *PROTOCOLS, *PRESETS, *NORMALIZATIONS, *PROGRAM}
    telling = "|".join(re.escape(key) for key in keys if "_" in key or key in PROGRAM)
    program = re.compile(rf"(?<!\w)(?:{telling})(?!\w)")
    found = [one for one in texts(report, answering) if program.search(one.text) or KEY.search(one.text)]
    assert not found


@pytest.mark.slow
def test_no_text_is_printed_before_its_numbers_are_put_in(report, answering):
    assert not [one for one in texts(report, answering) if re.search(r"\{\w+[!:}]", one.text)]


@pytest.mark.slow
def test_no_sentence_is_printed_twice(report, answering):
    sentences = Counter(
        (one.language, sentence.strip())
        for one in texts(report, answering)
        if one.kind not in ("table", "front", "alt")
        for sentence in SENTENCE.findall(one.text)
    )
    assert not [key for key, count in sentences.items() if count > 1 and len(key[1]) > SHORT[key[0]]]


@pytest.mark.slow
def test_every_number_with_decimals_has_its_unit(report, answering):
    bare = [
        (one.cell, sentence)
        for one in texts(report, answering)
        if one.kind in ("text", "finding", "reason", "limit", "front")
        for sentence in SENTENCE.findall(one.text)
        if NUMBER.search(sentence) and not UNIT.search(sentence) and not PURE.search(sentence)
    ]
    assert not bare


@pytest.mark.slow
def test_chinese_keeps_to_the_terms_and_the_punctuation_of_taiwan(report, answering):
    chinese = [one for one in texts(report, answering) if one.language == "zh"]
    assert not [(one.cell, term) for one in chinese for term in AVOIDED if term in one.text]
    assert not [one for one in chinese if HALF_WIDTH.search(one.text)]
