"""Every sentence that the report prints: in words, once, with units, in the terms used in Taiwan."""

import re
from collections import Counter
from pathlib import Path

import pytest
from printed import ANSWERING, Printed, printed

from fer_nb.learning.models import ARCHITECTURES
from fer_nb.learning.recipes import RECIPES
from fer_nb.learning.semi.protocols import PROTOCOLS
from fer_nb.learning.transforms import NORMALIZATIONS, PRESETS

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


def texts(report: tuple[object, Path], notebook: Path) -> list[Printed]:
    _, out = report
    return [
        one._replace(text=NOT_WORDS.sub("", one.text)) for one in printed(out / "notebooks" / notebook.name)
    ]


pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("notebook", ANSWERING, ids=lambda path: path.stem),
]


def test_no_name_of_the_program_is_printed(report, notebook):
    keys = {*RECIPES, *ARCHITECTURES, *PROTOCOLS, *PRESETS, *NORMALIZATIONS, *PROGRAM}
    telling = "|".join(re.escape(key) for key in keys if "_" in key or key in PROGRAM)
    program = re.compile(rf"(?<!\w)(?:{telling})(?!\w)")
    found = [one for one in texts(report, notebook) if program.search(one.text) or KEY.search(one.text)]
    assert not found


def test_no_text_is_printed_before_its_numbers_are_put_in(report, notebook):
    assert not [one for one in texts(report, notebook) if re.search(r"\{\w+[!:}]", one.text)]


def test_no_sentence_is_printed_twice(report, notebook):
    sentences = Counter(
        (one.language, sentence.strip())
        for one in texts(report, notebook)
        if one.kind not in ("table", "front", "alt")
        for sentence in SENTENCE.findall(one.text)
    )
    assert not [key for key, count in sentences.items() if count > 1 and len(key[1]) > SHORT[key[0]]]


def test_every_number_with_decimals_has_its_unit(report, notebook):
    bare = [
        (one.cell, sentence)
        for one in texts(report, notebook)
        if one.kind in ("text", "finding", "reason", "limit", "front")
        for sentence in SENTENCE.findall(one.text)
        if NUMBER.search(sentence) and not UNIT.search(sentence) and not PURE.search(sentence)
    ]
    assert not bare


def test_chinese_keeps_to_the_terms_and_the_punctuation_of_taiwan(report, notebook):
    chinese = [one for one in texts(report, notebook) if one.language == "zh"]
    assert not [(one.cell, term) for one in chinese for term in AVOIDED if term in one.text]
    assert not [one for one in chinese if HALF_WIDTH.search(one.text)]
