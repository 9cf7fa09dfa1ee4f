import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from spoken import SCORE, says

from fer_nb.analysis.evaluation import Overfitting
from fer_nb.data.faces import PRACTICE, Faces, numbered
from fer_nb.findings import sentences
from fer_nb.language import GLOSSARY, Text
from fer_nb.learning.recipes import get_recipe


def test_an_accuracy_is_said_with_its_interval_and_number_of_images():
    text = sentences.accuracy_sentence("net", GLOSSARY["public"], SCORE)
    says(
        text,
        zh=["net 在公開測試集的 1,234 張影像上答對 65.0%", "60.0%–70.0%"],
        en=["net gets 65.0% of the 1,234 public test images right", "60.0%–70.0%"],
    )


def test_no_image_is_no_accuracy():
    nothing = {"accuracy": None, "low": None, "high": None, "n": 0}
    text = sentences.accuracy_sentence("net", GLOSSARY["public"], nothing)
    says(text, zh=["沒有影像可評"], en=["no images in"])


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (
            Overfitting(5, minimum=1.0, final=1.0, gap=0.0, epochs_after=0),
            "看不出過擬合",
            "no overfitting shows yet",
        ),
        (Overfitting(3, minimum=1.0, final=1.01, gap=0.01, epochs_after=2), "看不出過擬合", "to speak of"),
        (
            Overfitting(3, minimum=1.0, final=1.2, gap=0.2, epochs_after=2),
            "從第 3 個訓練週期起過擬合：驗證損失由最低的 1.000 升到 1.200",
            "overfits from epoch 3 on: its validation loss rises from its lowest, 1.000, to 1.200",
        ),
    ],
    ids=["still falling", "hardly", "overfits"],
)
def test_overfitting_is_named_by_its_epoch_or_denied(found, zh, en):
    says(sentences.overfitting_sentence("net", found), zh=[zh], en=[en])


def metrics(all_accuracy, clean_accuracy, left_out):
    scores = {"all": SCORE | {"accuracy": all_accuracy}, "clean": SCORE | {"accuracy": clean_accuracy}}
    scores["clean"]["n"] -= left_out
    return {"validation": {}, "test": scores}


def test_the_limit_of_a_result_is_what_the_data_are():
    practice = sentences.limit_sentence({"validation": {}}, on_practice_faces=True)
    says(practice, zh=["練習臉", "不能說明"], en=["practice faces", "nothing about FER2013"])
    alone = sentences.limit_sentence({"validation": {}}, on_practice_faces=False)
    says(alone, zh=["只有驗證準確率"], en=["a validation accuracy only"])


def test_leaked_images_are_said_to_flatter_or_not():
    flattered = sentences.limit_sentence(metrics(0.70, 0.68, 34), on_practice_faces=False)
    says(flattered, zh=["34 張", "從 70.0% 降為 68.0%"], en=["34 test images", "falls from 70.0% to 68.0%"])
    understated = sentences.limit_sentence(metrics(0.68, 0.70, 34), on_practice_faces=False, network="net")
    says(
        understated,
        zh=["net 在全部", "從 68.0% 升為 70.0%"],
        en=["accuracy of net", "rises from 68.0% to 70.0%"],
    )


def test_leaked_images_that_change_nothing_and_those_that_are_not_there_are_said_so():
    same = sentences.limit_sentence(metrics(0.7001, 0.6999, 34), on_practice_faces=False)
    says(same, zh=["34 張", "準確率不變"], en=["the accuracy stays as it is (70.0%)"])
    none = sentences.limit_sentence(metrics(0.7, 0.7, 0), on_practice_faces=False)
    says(none, zh=["沒有測試影像"], en=["No test image equals"])
    every = sentences.limit_sentence(metrics(0.7, None, SCORE["n"]), on_practice_faces=False)
    says(every, zh=["每張測試影像"], en=["Every test image", "says nothing"])


def test_small_images_are_said_to_hold_validation_back_and_nothing_where_there_are_none():
    compact = sentences.small_images_sentence("net", get_recipe("compact_cnn"))
    says(compact, zh=["前 8 個訓練週期", "32 像素", "第 9 個"], en=["first 8 epochs", "from epoch 9"])
    assert sentences.small_images_sentence("net", get_recipe("practice_cnn")) == Text("", "")


def test_paragraphs_join_chinese_without_and_english_with_a_space():
    assert sentences.joined(Text("一。", "One."), Text("", ""), Text("二。", "Two.")) == Text(
        "一。二。", "One. Two."
    )


def test_percentages_have_one_decimal_and_p_values_a_bound():
    assert (sentences.percent(0.12345), sentences.points(-0.0523)) == ("12.3%", "5.2")
    assert (sentences.p_text(0.0009), sentences.p_text(0.001)) == ("p < 0.001", "p = 0.001")


def test_a_figure_is_told_to_those_who_cannot_see_it():
    text = sentences.listed(Text("準確率", "accuracy"), {"a": "60%", "b": "70%"})
    assert text == Text("準確率：a 60%；b 70%。", "accuracy: a 60%; b 70%.")


def some_faces(source, labels=(0, 3, 3, 6), usage=(0, 0, 0, 1)):
    usage = np.array(usage, np.uint8)
    images = np.full((len(usage), 48, 48), 100, np.uint8)
    return Faces(images, np.array(labels, np.int8), usage, numbered(usage), source)


def test_the_data_are_told_with_counts_classes_and_grey_levels():
    text = sentences.data_sentence(some_faces("fer2013.csv"))
    says(
        text,
        zh=["fer2013.csv", "訓練集有 3 張", "最多的類別是高興（2 張）", "100.0 ± 0.0"],
        en=["fer2013.csv", "3 training images", "largest training class is happy (2 images)", "100.0 ± 0.0"],
    )
    assert "沒有標籤" not in text.zh
    more = some_faces("train", labels=(0, 3, 3, -1), usage=(0, 0, 0, 3))
    says(sentences.data_sentence(more), zh=["1 張沒有標籤"], en=["1 without a label"])


def test_practice_faces_are_named_in_the_readers_language():
    assert sentences.practice(some_faces(PRACTICE))
    says(
        sentences.data_sentence(some_faces(PRACTICE)), zh=["資料來源：練習臉"], en=["Source: practice faces"]
    )


def test_how_networks_were_made_names_seed_folder_device_and_versions():
    facts = {
        "seed": 3, "epochs": 8, "kept_epoch": 6, "seconds": 150.0,
        "device": dataclasses.asdict(Text("兩核心", "2 cores")), "versions": {"keras": "3.15"},
    }  # fmt: skip
    text = sentences.provenance({"net": SimpleNamespace(facts=facts, name="net-0123")})
    says(
        text,
        zh=[
            "隨機種子 3",
            "8 個訓練週期（保留第 6 個）",
            "2.5 分鐘",
            "`net-0123`",
            "裝置：兩核心",
            "keras 3.15",
        ],
        en=[
            "seed 3",
            "8 epochs (number 6 kept)",
            "2.5 minutes",
            "`net-0123`",
            "Device: 2 cores",
            "keras 3.15",
        ],
    )


def test_a_short_training_is_told_in_seconds():
    assert sentences.time_text(3.4) == Text("3 秒", "3 s")
    assert sentences.time_text(119.0) == Text("119 秒", "119 s")
    assert sentences.time_text(120.0) == Text("2.0 分鐘", "2.0 minutes")
