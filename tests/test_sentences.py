import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from fer_nb import sentences
from fer_nb.analysis.evaluation import McNemar, Overfitting
from fer_nb.data.faces import PRACTICE, Faces, numbered
from fer_nb.language import GLOSSARY, Text

SCORE = {"accuracy": 0.65, "low": 0.6, "high": 0.7, "n": 1234}


def says(text, *, zh, en):
    """Whether each language holds all its parts."""
    assert all(part in text.zh for part in zh), text.zh
    assert all(part in text.en for part in en), text.en


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
    says(text, zh=["沒有影像可評"], en=["no image to be judged on"])


@pytest.mark.parametrize(
    ("stated", "zh", "en"),
    [
        (0.65, "沒有可分辨的差異", "cannot be told apart"),
        (0.70, "沒有可分辨的差異", "cannot be told apart"),
        (0.50, "高 15.0 個百分點", "15.0 points above the 50.0%"),
        (0.75, "低 10.0 個百分點", "10.0 points below the 75.0%"),
    ],
)
def test_a_stated_accuracy_is_judged_by_the_interval(stated, zh, en):
    says(sentences.against_stated("net", SCORE, stated), zh=[zh], en=[en])


def mcnemar(difference, p_value, n=1000):
    return McNemar(b=0, c=0, n=n, p_value=p_value, difference=difference)


def test_the_better_of_two_is_named_only_where_the_difference_is_significant():
    better = sentences.comparison_sentence("a", "b", mcnemar(-0.123, 0.0004))
    says(
        better,
        zh=["b 比 a 高 12.3 個百分點", "p < 0.001"],
        en=["b is 12.3 points better than a", "p < 0.001"],
    )
    neither = sentences.comparison_sentence("a", "b", mcnemar(0.02, 0.05))
    says(neither, zh=["未達統計顯著", "p = 0.050"], en=["not significant", "neither can be called better"])


def test_an_adjusted_p_value_counts_instead_of_the_tests_own():
    text = sentences.comparison_sentence("a", "b", mcnemar(0.1, 0.03), p_value=0.06)
    says(text, zh=["p = 0.060", "不能說誰比較好"], en=["p = 0.060", "neither can be called better"])


def test_networks_without_common_images_are_not_compared():
    says(
        sentences.comparison_sentence("a", "b", mcnemar(None, None, n=0)),
        zh=["沒有共同的影像"],
        en=["share no image"],
    )


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (Overfitting(5, minimum=1.0, final=1.0, gap=0.0, epochs_after=0), "尚未過擬合", "no overfitting yet"),
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


def test_a_choice_is_told_where_there_was_one():
    assert sentences.chosen_sentence("net", 1) == Text("", "")
    says(sentences.chosen_sentence("net", 3), zh=["3 個網路中，net"], en=["Of 3 networks net"])


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
    says(flattered, zh=["34 張", "高估了 2.0 個百分點"], en=["34 test images", "flatter the network by 2.0"])
    understated = sentences.limit_sentence(metrics(0.68, 0.70, 34), on_practice_faces=False)
    says(understated, zh=["低估了 2.0 個百分點"], en=["understate the network by 2.0 points"])


def test_how_fast_the_loss_falls_names_fastest_and_slowest_or_a_tie():
    text = sentences.loss_speed_sentence({"none": 4, "norm": 2.0, "both": 9})
    says(
        text,
        zh=["norm 下降最快，2 個", "both 最慢，要 9 個"],
        en=["fastest with norm (2", "slowest with both (9)"],
    )
    says(sentences.loss_speed_sentence({"a": 3, "b": 3}), zh=["一樣快"], en=["equally fast"])


def test_the_strength_of_an_augmentation_moves_loss_and_accuracy():
    rows = {
        0.5: {"loss": 1.0, "validation_accuracy": 0.6},
        1.0: {"loss": 1.1, "validation_accuracy": 0.7},
        2.0: {"loss": 1.25, "validation_accuracy": 0.55},
    }
    says(
        sentences.strength_sentence(rows),
        zh=["0.5 倍增到 2 倍，訓練損失上升 0.250", "驗證準確率下降 5.0 個百分點"],
        en=["From strength 0.5 to 2 the training loss rises by 0.250", "falls by 5.0 points"],
    )
    same = {1.0: {"loss": 1.0, "validation_accuracy": 0.6}, 2.0: {"loss": 0.9, "validation_accuracy": 0.6}}
    says(
        sentences.strength_sentence(same), zh=["下降 0.100", "不變"], en=["falls by 0.100", "stays as it is"]
    )


def test_the_luck_of_the_seed_is_a_range_or_unknown():
    says(sentences.spread_sentence("net", [0.6]), zh=["只有一個種子"], en=["remains unknown"])
    text = sentences.spread_sentence("net", [0.6, 0.65, 0.62])
    says(text, zh=["60.0% 到 65.0%", "3 個種子"], en=["between 60.0% and 65.0% (3 seeds)"])


def test_the_winner_of_an_ablation_is_named_or_there_is_none():
    says(sentences.highest_sentence("both", 0.654), zh=["both（65.4%）"], en=["that of both (65.4%)"])
    says(sentences.no_gain_sentence("none"), zh=["高於 none"], en=["than none: nothing was gained"])


def test_sizes_are_compared_in_percent_of_the_first():
    text = sentences.size_sentence("cnn", "dnn", {"cnn": 1000, "dnn": 1100})
    says(text, zh=["1,000", "1,100", "多 10.0%"], en=["10.0% more than the first"])
    text = sentences.size_sentence("cnn", "dnn", {"cnn": 1000, "dnn": 950})
    says(text, zh=["少 5.0%"], en=["5.0% fewer than the first"])


def timed(**seconds):
    return {name: SimpleNamespace(seconds_per_epoch=lambda s=s: s) for name, s in seconds.items()}


def test_the_faster_network_is_named_unless_the_times_are_close():
    text = sentences.speed_sentence("cnn", "dnn", timed(cnn=8.0, dnn=2.0))
    says(text, zh=["dnn 訓練得比較快", "1/4.0"], en=["dnn trains faster: cnn takes 4.0 times as long"])
    says(
        sentences.speed_sentence("cnn", "dnn", timed(cnn=2.0, dnn=2.1)), zh=["差不多"], en=["about the same"]
    )


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
    assert sentences.source_text(some_faces("a.csv")) == Text("a.csv", "a.csv")


def test_how_networks_were_made_names_seed_folder_device_and_versions():
    facts = {
        "seed": 3, "epochs": 8, "seconds": 90.0, "device": dataclasses.asdict(Text("兩核心", "2 cores")),
        "versions": {"keras": "3.15"},
    }  # fmt: skip
    text = sentences.provenance({"net": SimpleNamespace(facts=facts, name="net-0123")})
    says(
        text,
        zh=["隨機種子 3", "8 個訓練週期", "1.5 分鐘", "`net-0123`", "裝置：兩核心", "keras 3.15"],
        en=["seed 3", "8 epochs", "1.5 minutes", "`net-0123`", "Device: 2 cores", "keras 3.15"],
    )
