from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from spoken import SCORE, says

from fer_nb.analysis.evaluation import Overfitting
from fer_nb.findings import sentences
from fer_nb.language import GLOSSARY, Text
from fer_nb.learning.recipes import get_recipe

NETWORK = Text("網路", "net a")


def test_an_accuracy_is_said_with_its_interval_and_number_of_images():
    text = sentences.accuracy_sentence(Text("小網", "small net"), GLOSSARY["public"], SCORE)
    says(
        text,
        zh=["公開測試集的 1,234 張影像，小網答對 65.0%（60.0–70.0）"],
        en=["The small net classifies 65.0% (60.0–70.0) of the 1,234 public test images correctly"],
    )


def test_no_image_is_no_accuracy():
    nothing = {"accuracy": None, "low": None, "high": None, "n": 0}
    text = sentences.accuracy_sentence(Text("小網", "small net"), GLOSSARY["public"], nothing)
    says(text, zh=["沒有影像可評"], en=["has no public test images"])


def overfit(training, validation, *, first_gap=0.0, lasting=False):
    return Overfitting(training, validation, first_gap, limit=0.05, lasting=lasting)


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (
            overfit(0.98, 0.55, lasting=True),
            "過擬合（訓練與驗證準確率相差 +43.0 個百分點，界限 5.0）。",
            "Overfits (training minus",
        ),
        (
            overfit(0.76, 0.75),
            "看不出過擬合：訓練與驗證準確率相差 +1.0",
            "Overfitting is not shown: training minus validation accuracy is +1.0",
        ),
        (
            overfit(0.70, 0.75),
            "看不出過擬合：訓練與驗證準確率相差 −5.0",
            "Overfitting is not shown: training minus validation accuracy is −5.0",
        ),
        (
            overfit(0.7, 0.55, first_gap=0.15, lasting=True),
            "差距超過界限，但看不出持續擴大，無法判斷是否過擬合",
            "The gap is above its limit but is not shown to grow for good: whether",
        ),
        (None, "無法判斷是否過擬合。", "Whether it overfits cannot be told."),
    ],
    ids=["overfits", "close", "ahead", "no growth", "run of old"],
)
def test_overfitting_is_said_by_the_gap_of_training_and_validation_and_its_growth(found, zh, en):
    says(sentences.gap_sentence(found), zh=[zh], en=[en])


def test_a_run_tells_of_overfitting_by_what_it_wrote_down_of_its_training_images():
    history = pd.DataFrame({"training_accuracy": [0.4, 0.6, 0.8, 1.0], "validation_accuracy": [0.4] * 4})
    facts = {"training_images": 400, "metrics": {"validation": {"all": SCORE}}}
    found = sentences.overfitting_of(SimpleNamespace(facts=facts, history=lambda: history))
    assert (found.found, found.gap) == (True, pytest.approx(0.6))
    old = SimpleNamespace(facts=facts, history=lambda: history[["validation_accuracy"]])
    assert sentences.overfitting_of(old) is None


def test_curves_with_smaller_images_at_first_say_until_when():
    caption = Text("曲線。{small}", "Curves.{small}")
    grown = SimpleNamespace(small_epochs=33, small_size=32)
    recipes = {Text("甲", "net a"): grown, Text("乙", "net b"): SimpleNamespace(small_epochs=0)}
    assert sentences.curves_caption(caption, recipes) == Text(
        "曲線。甲前 33 個 epoch 的訓練影像較小（32 像素）。",
        "Curves. Up to epoch 33 the net a trains on smaller images (32 pixels a side).",
    )


def test_a_gap_is_described_with_its_limit():
    says(
        sentences.gaps_caption(), zh=["5 個百分點", "1.96 個標準誤"], en=["5 points, or 1.96 standard errors"]
    )


def test_curves_are_told_by_what_they_end_in():
    text = sentences.ends_of({Text("甲", "a"): pd.DataFrame({"validation_accuracy": [0.3, 0.5]})})
    assert text == Text("最後的驗證準確率：甲 50.0%。", "Last validation accuracy: a 50.0%.")


def test_a_network_is_told_by_its_layers_its_size_and_how_it_was_trained():
    def layer(kind, **settings):
        return type(kind, (SimpleNamespace,), {})(**settings)

    dropouts = [layer("Dropout", rate=rate) for rate in (0.1, 0.3)]
    model = SimpleNamespace(layers=[layer("Conv2D"), *dropouts, layer("Dense")])
    facts = {"parameters": 1234, "multiply_adds": 2_500_000, "epochs": 8}
    run = SimpleNamespace(facts=facts, recipe=get_recipe("practice_cnn"))
    text = sentences.network_sentence(Text("小網", "small net"), run, model)
    says(
        text,
        zh=["小網：1 個卷積層、1 個全連接層，1,234 個參數", "AdamW", "dropout 0.1–0.3"],
        en=[
            "Small net: 1 convolutional layer and 1 dense layer, 1,234 parameters",
            "learning rate up to 0.003",
            "8 epochs, dropout 0.1–0.3",
        ],
    )
    steady = SimpleNamespace(
        facts=facts | {"epochs": 1}, recipe=run.recipe.replace(schedule="constant", warmup_epochs=0)
    )
    dense = SimpleNamespace(layers=[layer("Dense"), layer("Dense")])
    says(
        sentences.network_sentence(Text("小網", "small net"), steady, dense),
        zh=["小網：1 個隱藏層與輸出層，", "學習率 0.003"],
        en=["Small net: 1 hidden layer and the output, ", "AdamW, learning rate 0.003, ", "1 epoch."],
    )


def test_on_the_first_page_the_number_stands_before_the_network():
    front = sentences.front_sentence(Text("小網", "small net"), GLOSSARY["test"], SCORE)
    assert front.zh == "65.0%（60.0–70.0）：小網的測試集準確率。"
    assert front.en == "65.0% (60.0–70.0) of the test images are classified correctly by the small net."


def metrics(all_accuracy, clean_accuracy, left_out):
    scores = {"all": SCORE | {"accuracy": all_accuracy}, "clean": SCORE | {"accuracy": clean_accuracy}}
    scores["clean"]["n"] -= left_out
    return {"validation": {}, "test": scores}


def test_the_limit_of_a_result_is_what_the_data_are():
    practice = sentences.limit_sentence(NETWORK, {"validation": {}}, on_practice_faces=True)
    says(practice, zh=["只在練習臉上測得"], en=["Practice faces only"])
    alone = sentences.limit_sentence(NETWORK, {"validation": {}}, on_practice_faces=False)
    says(alone, zh=["只有驗證準確率"], en=["a validation accuracy only"])
    learned = sentences.limit_sentence(NETWORK, {"training": {}}, on_practice_faces=False)
    says(learned, zh=["只有訓練準確率"], en=["a training accuracy only"])


def test_leaked_images_are_said_to_flatter_or_not():
    flattered = sentences.limit_sentence(NETWORK, metrics(0.70, 0.68, 34), on_practice_faces=False)
    says(
        flattered,
        zh=["34 張", "網路的準確率從 70.0% 降為 68.0%"],
        en=[
            "Test images that equal a training image: 34;",
            "without them the accuracy of the net a is 68.0%, not 70.0%",
        ],
    )
    understated = sentences.limit_sentence(NETWORK, metrics(0.68, 0.70, 34), on_practice_faces=False)
    says(
        understated,
        zh=["從 68.0% 升為 70.0%"],
        en=["is 70.0%, not 68.0%"],
    )


def test_leaked_images_that_change_nothing_and_those_that_are_not_there_are_said_so():
    same = sentences.limit_sentence(NETWORK, metrics(0.70041, 0.69971, 34), on_practice_faces=False)
    says(same, zh=["34 張", "準確率不變"], en=["the accuracy of the net a stays as it is (70.0%)"])
    none = sentences.limit_sentence(NETWORK, metrics(0.7, 0.7, 0), on_practice_faces=False)
    says(none, zh=["沒有測試影像"], en=["No test image equals"])
    every = sentences.limit_sentence(NETWORK, metrics(0.7, None, SCORE["n"]), on_practice_faces=False)
    says(every, zh=["每張測試影像"], en=["Every test image", "says nothing"])


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


def test_the_commonest_class_answered_always_is_what_an_accuracy_is_held_against():
    text = sentences.guessing_sentence(np.array([3, 3, 3, 0, 4, -1]))
    says(text, zh=["高興", "60.0%"], en=["commonest class, happy, gets 60.0%"])
