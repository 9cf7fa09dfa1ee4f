from types import SimpleNamespace

import numpy as np
import pytest
from spoken import SCORE, says

from fer_nb.analysis.evaluation import McNemar
from fer_nb.findings import comparisons
from fer_nb.language import Text

A, B = Text("甲", "a"), Text("乙", "b")


def mcnemar(difference, p_value, n=1000):
    return McNemar(b=12, c=3, n=n, p_value=p_value, difference=difference)


def a_run(correct, *, held_out=None, **facts):
    """A run that answers `correct`, on the validation images `held_out`."""
    correct = np.array(correct, bool)
    split = "test" if held_out is None else "validation"
    answered = {split: SimpleNamespace(correct=lambda: correct)}
    return SimpleNamespace(
        facts={"metrics": {split: {"all": SCORE}}} | facts,
        predictions=lambda faces: answered,
        validation_rows=lambda: np.array(held_out),
    )


def test_networks_are_held_against_one_on_the_test_images():
    runs = {"a": a_run([1, 1, 0, 0]), "b": a_run([1, 0, 0, 0])}
    tests = comparisons.against(runs, "a", None, split="test")
    assert {label: (test.b, test.c, test.n) for label, test in tests.items()} == {"b": (0, 1, 4)}
    assert tests["b"].difference == -0.25
    assert comparisons.against(runs, "a", None, split="validation") == {}


def test_on_validation_only_the_images_count_that_both_held_out():
    runs = {"a": a_run([0, 1, 0], held_out=[2, 5, 7]), "b": a_run([1, 1, 1], held_out=[5, 7, 9])}
    (test,) = comparisons.against(runs, "a", None, split="validation").values()
    assert (test.b, test.c, test.n) == (1, 0, 2)


def test_p_values_are_adjusted_for_their_number_and_no_image_is_no_difference():
    tests = {"a": mcnemar(0.1, 0.02), "b": mcnemar(None, None, n=0)}
    assert comparisons.adjusted(tests) == {"a": 0.04, "b": 1.0}


def test_only_a_significantly_better_network_is_better_and_the_best_of_several():
    assert comparisons.better_than({}) is None
    assert comparisons.better_than({"a": mcnemar(0.02, 0.3), "b": mcnemar(-0.2, 0.001)}) is None
    tests = {"a": mcnemar(0.05, 0.001), "b": mcnemar(0.08, 0.001), "c": mcnemar(0.2, 0.4)}
    assert comparisons.better_than(tests) == "b"


def test_without_another_network_there_was_no_choice():
    assert comparisons.choice_sentence("a", {}, "a", {}) == Text("", "")


def test_a_difference_on_validation_that_is_not_significant_keeps_the_first():
    text = comparisons.choice_sentence("a", {"b": mcnemar(0.008, 0.85)}, "a", {"b": mcnemar(0.0, 1.0)})
    says(
        text,
        zh=["驗證集上，a 比 b 低 0.8 個百分點（p = 0.850），差異未達顯著，因此保留先列出的 a。"],
        en=[
            "On validation the a is 0.8 points worse than the b (p = 0.850), "
            "not significantly: the a, listed first, is kept."
        ],
    )
    assert "相反" not in text.zh


def test_a_choice_by_validation_that_the_test_contradicts_says_so():
    text = comparisons.choice_sentence("a", {"b": mcnemar(0.008, 0.85)}, "a", {"b": mcnemar(0.035, 0.003)})
    says(
        text,
        zh=["測試集的結果相反，b 高 3.5 個百分點（p = 0.003），但測試集不參與選擇"],
        en=["The test says otherwise, the b is 3.5 points better (p = 0.003)"],
    )


def test_another_network_is_kept_where_it_is_significantly_better_on_validation():
    text = comparisons.choice_sentence("a", {"b": mcnemar(0.06, 0.001)}, "b", {"a": mcnemar(-0.05, 0.01)})
    says(
        text,
        zh=["驗證集上比 a 高 6.0 個百分點（p = 0.001），因此採用 b"],
        en=["the b is 6.0 points better"],
    )


def test_of_several_that_are_no_better_the_range_is_said():
    tests = {"b": mcnemar(0.008, 0.85), "c": mcnemar(-0.03, 0.2)}
    text = comparisons.choice_sentence("a", tests, "a", {})
    tie = comparisons.choice_sentence("a", {"b": mcnemar(0.0, 1.0)}, "a", {})
    says(tie, zh=["a 與 b 相差 0.0 個百分點（p = 1.000），因此保留先列出的 a"], en=["differ by 0.0 points"])
    says(text, zh=["其餘 2 個網路相差 −0.8 到 +3.0 個百分點"], en=["−0.8 to +3.0 points", "other 2 networks"])


@pytest.mark.parametrize(
    ("difference", "larger", "zh", "en"),
    [
        (-0.322, 0.02, "+32.2 個百分點（p < 0.001，顯著）", "2.0% more parameters"),
        (0.05, -0.02, "−5.0 個百分點（p < 0.001，顯著）", "2.0% fewer parameters"),
        (0.05, -0.0001, "乙的參數量約略相同，答對", "the b, with about as many parameters, 40.0%"),
    ],
    ids=["CNN ahead", "CNN behind", "of equal size"],
)
def test_the_lead_of_the_cnn_has_the_sign_of_the_table(difference, larger, zh, en):
    scores = [SCORE, SCORE | {"accuracy": 0.4}]
    text = comparisons.pair_sentence(
        A,
        B,
        scores,
        split=Text("驗證集", "validation"),
        larger=larger,
        test=mcnemar(difference, 1e-9),
        p_value=1e-9,
    )
    says(
        text,
        zh=[zh, "張驗證集影像，甲答對 65.0%", "乙的參數量", "答對 40.0%"],
        en=[en, "of the same 1,000 validation images the a classifies 65.0%"],
    )


@pytest.mark.parametrize(
    ("cnn", "dnn", "zh", "en"),
    [
        ((0.665, 0.309), (0.39, 0.425), "；可見此處 CNN 的領先主要靠", "; the CNN's lead here rests mainly"),
        ((0.665, 0.309), (0.39, 0.09), "；看不出領先靠的是", "; this does not show that"),
        ((0.665, 0.665), (0.39, 0.39), "；看不出領先靠的是", "; this does not show that"),
        ((0.90, 0.80), (0.50, 0.50), "；看不出領先靠的是", "; this does not show that"),
        ((0.50, 0.40), (0.60, 0.60), "p < 0.001）、乙 60.0% → 60.0%（p = 1.000）。", "60.0% (p = 1.000)."),
    ],
    ids=["the CNN falls alone", "both fall", "neither falls", "most of the lead stays", "there is no lead"],
)
def test_shuffled_pixels_explain_the_lead_only_where_the_cnn_alone_loses_most_of_it(cnn, dnn, zh, en):
    falls = [before - after for before, after in (cnn, dnn)]
    tests = [mcnemar(fall, 1e-9 if fall > 0.05 else 1.0) for fall in falls]
    text = comparisons.shuffle_sentence([A, B], [cnn, dnn], tests, images=540, epochs=1)
    says(text, zh=[f"甲 {cnn[0]:.1%} → {cnn[1]:.1%}", zh], en=["(540 images, 1 epoch, all without", en])


def test_the_figure_of_shuffled_pixels_and_settings_that_differ_are_told():
    alt = comparisons.shuffle_alt([A, B], [(0.6, 0.3), (0.4, 0.4)])
    says(alt, zh=["甲 60.0% → 30.0%；乙 40.0% → 40.0%"], en=["a 60.0% → 30.0%; b"])
    assert comparisons.settings_note([]) == Text("", "")
    says(comparisons.settings_note([A, B]), zh=["CNN 與 DNN 的甲、乙也不同"], en=["also differ in a, b"])
    assert "in a, b, a, b: the" in comparisons.settings_note([A, B] * 2).en
    says(
        comparisons.settings_note([A, B, A, B, A]),
        zh=["的甲、乙、甲等 5 項設定也"],
        en=["5 settings (a, b, a, …)"],
    )


def test_a_stated_accuracy_inside_the_interval_is_confirmed():
    run = a_run([1], source={"zh": "報告 A", "en": "report A"}, stated={"test": 0.62, "public": 0.7})
    (claim,) = comparisons.stated_claims("net", run)
    assert (claim["report"], claim["key"], claim["verdict"]) == ("A", "net/test", "confirmed")
    says(claim["claim"], zh=["net：測試集 62.0%"], en=["net: test 62.0%"])
    run.facts["stated"] = {"test": 0.75}
    assert comparisons.stated_claims("net", run)[0]["verdict"] == "not confirmed"
    run.facts["source"] = {"zh": "自己", "en": "own network"}
    assert comparisons.stated_claims("net", run) == []


def test_the_better_of_two_is_named_only_where_the_difference_is_significant():
    says(
        comparisons.difference_sentence(A, B, mcnemar(-0.123, 0.0004)),
        zh=["乙比甲高 12.3 個百分點", "p < 0.001", "各 12 與 3 張"],
        en=["b is 12.3 points better than a", "p < 0.001", "12 and 3 images"],
    )
    neither = comparisons.difference_sentence(A, B, mcnemar(0.02, 0.05))
    says(neither, zh=["未達顯著", "p = 0.050"], en=["neither can be called better"])
    adjusted = comparisons.difference_sentence(A, B, mcnemar(0.1, 0.03), p_value=0.06)
    says(adjusted, zh=["p = 0.060", "未達顯著"], en=["p = 0.060", "neither"])


def test_networks_without_common_images_are_not_compared():
    text = comparisons.difference_sentence(A, B, mcnemar(None, None, n=0))
    says(text, zh=["沒有共同的影像"], en=["share no image"])
