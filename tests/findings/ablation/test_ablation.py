from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from spoken import says

from fer_nb.analysis.evaluation import PairedDifference
from fer_nb.findings import names
from fer_nb.findings.ablation import effects, sentences, tables
from fer_nb.language import Text
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.transforms import AugmentationSettings, augmentation_preset

OWN = "standardized+practice"
TEST = names.split("test")
PRACTICE = augmentation_preset("practice")


def difference(*by_seed, p_value=None):
    """A mean with an interval of 2 points to either side, and the p-value that goes with it or another."""
    mean = float(np.mean(by_seed))
    own = (0.001 if abs(mean) > 0.02 else 0.5) if p_value is None else p_value
    return PairedDifference(by_seed, mean, mean - 0.02, mean + 0.02, own)


def effect(factor, added, without, *by_seed, p_value=0.001):
    return effects.Effect(factor, added, without, difference(*by_seed), p_value)


def right(shares):
    """Variant -> answers of two seeds to 1,000 images, the first so many right."""
    return {key: np.stack([np.arange(1000) < 1000 * share] * 2) for key, share in shares.items()}


MEASURED = [
    effect("normalization", "standardized+none", "none+none", 0.02, -0.01, p_value=0.5),
    effect("augmentation", "none+practice", "none+none", 0.1, 0.12),
    effect("augmentation", OWN, "standardized+none", 0.08, 0.12),
    effect("augmentation", "standardized+practice/flip", "standardized+none", 0.03, 0.05),
    effect("augmentation", "standardized+practice/shift", "standardized+none", 0.06, 0.08),
    effect("augmentation", "standardized+compact/zoom", "standardized+none", 0.01, 0.01, p_value=0.2),
    effect("strength", OWN + "*2", OWN, -0.04, -0.05),
]
CORRECT = right(
    {
        "none+none": 0.47,
        "standardized+none": 0.48,
        OWN: 0.58,
        "standardized+practice/flip": 0.52,
        "standardized+practice/shift": 0.55,
        "standardized+compact/zoom": 0.49,
    }
)
LEARNED = dict.fromkeys(CORRECT, 1.0) | {OWN: 0.8}  # training accuracies


def test_each_variant_is_held_against_the_earliest_that_differs_in_one_thing():
    variants = ["none+none", "unit+none", "none+flip", "unit+flip", "unit+shift_flip/shift", "unit+flip*2"]
    assert effects.changes(variants) == [
        ("normalization", "unit+none", "none+none"),
        ("augmentation", "none+flip", "none+none"),
        ("augmentation", "unit+flip", "unit+none"),
        ("augmentation", "unit+shift_flip/shift", "unit+none"),
        ("strength", "unit+flip*2", "unit+flip"),
    ]


def test_leaving_something_out_of_the_first_variant_tells_what_it_does():
    assert effects.changes(["unit+flip", "none+flip", "unit+none"]) == [
        ("normalization", "unit+flip", "none+flip"),
        ("augmentation", "unit+flip", "unit+none"),
    ]


def test_two_changes_at_once_are_told_as_both():
    assert effects.changes(["none+none", "unit+flip"]) == [("both", "unit+flip", "none+none")]
    found = [effect("both", "unit+flip", "none+none", 0.1, 0.1)]
    says(
        sentences.finding(found, {}, own=OWN, used={}, split=TEST),
        zh=["除以 255＋翻轉增強 +10.0 個百分點"],
        en=["+ flips: +10.0 points"],
    )
    says(
        sentences.front(found, own=OWN, images=540, split=TEST), zh=["+10.0 個百分點"], en=["+10.0 points by"]
    )


@pytest.mark.parametrize(
    ("factor", "own", "added"),
    [
        ("augmentation", OWN, OWN),
        ("augmentation", "standardized+compact", OWN),  # of which nothing was tried: beside its normalization
        ("augmentation", "none+compact", "none+practice"),
        ("augmentation", "unit+compact", "none+practice"),
        ("normalization", OWN, "standardized+none"),
    ],
)
def test_a_factor_is_shown_beside_the_setting_that_the_networks_own_recipe_keeps(factor, own, added):
    assert effects.main_effect(MEASURED, factor, own=own).added == added


def test_an_effect_is_the_difference_of_answers_with_p_values_adjusted_for_their_number():
    correct = {"none+none": np.zeros((2, 10), bool), "unit+none": np.eye(2, 10, dtype=bool)}
    correct["none+flip"] = np.ones((2, 10), bool)
    normalized, augmented = effects.effects(correct)
    assert normalized.difference.mean == pytest.approx(0.1)
    assert augmented.difference.by_seed == (1.0, 1.0)
    assert normalized.p_value >= normalized.difference.p_value
    assert augmented.significant


def test_the_finding_gives_the_mean_with_interval_and_parts_by_whether_they_are_significant():
    says(
        sentences.finding(MEASURED, CORRECT, own=OWN, used={"practice": PRACTICE}, split=TEST),
        zh=[
            "標準化之上再加翻轉與平移增強（翻轉 50% 機率、平移 ±2.4 像素）",
            "使測試集準確率由 48.0% 變為 58.0%，",
            "+10.0 個百分點（+8.0 至 +12.0，顯著）",
            "平移 +7.0、翻轉 +4.0 個百分點（顯著）；縮放 +1.0 個百分點（未達顯著）。",
            "標準化 +0.5 個百分點（−1.5 至 +2.5，未達顯著）。",
        ],
        en=[
            "px) on top of standardization the test accuracy goes from 48.0% to 58.0%",
            "shifts +7.0, flips +4.0 points (significant); zooms +1.0 points (not",
        ],
    )


def test_the_first_page_has_the_sign_of_the_table():
    told = sentences.front(MEASURED, own=OWN, images=540, split=names.split("validation"))
    says(
        told,
        zh=[
            "驗證集準確率（540 張訓練影像）+10.0 個百分點：標準化之上再加翻轉與平移增強（顯著）；",
            "+0.5 個百分點：標準化（未達顯著）",
        ],
        en=["Validation accuracy (540 training images): +10.0"],
    )
    table = tables.effects_table(MEASURED)
    assert table.iloc[2, 2:4].tolist() == ["+10.0 (+8.0, +12.0)", "+8.0, +12.0"]
    assert table.iloc[0, 3:].tolist() == ["+2.0, −1.0", "0.500", Text("不顯著", "no")]


@pytest.mark.parametrize(
    ("seen", "remaining", "zh"),
    [
        ({}, 0.001, "由 +52.0 降為 +22.0 個百分點：訓練集 −20.0，測試集 +10.0。正規化只改"),
        ({}, None, "由 +52.0 降為 +22.0 個百分點：訓練集 −20.0，測試集 +10.0。"),
        ({"standardized+none": 0.52, OWN: 0.54}, None, "由 +4.0 降為 −4.0 個百分點：訓練集 +2.0"),
        ({"standardized+none": 0.6, OWN: 0.7}, 0.5, "看不出原因。"),
    ],
)
def test_a_reason_is_given_where_one_was_measured(seen, remaining, zh):
    told = sentences.reason(MEASURED[:-1], LEARNED | seen, CORRECT, own=OWN, remaining=remaining, split=TEST)
    assert zh in told.zh


@pytest.mark.parametrize(
    ("normalization", "undone"), [("standardized", True), ("per_image", False)], ids=["of all", "of each"]
)
def test_batch_normalization_takes_out_one_scale_of_all_images_not_one_of_each(normalization, undone):
    found = [effect("normalization", f"{normalization}+none", "none+none", 0.01, 0.0, p_value=0.5)]
    told = sentences.reason(found, {}, {}, own=f"{normalization}+none", remaining=0.001, split=TEST)
    assert ("被第一個批次正規化抵銷" in told.zh, "first batch normalization" in told.en) == (undone, undone)


def test_parts_that_cannot_be_told_apart_are_called_so_and_where_all_harm_the_least_harmful():
    says(
        sentences.singles_sentence(MEASURED, CORRECT, own=OWN),
        zh=["平移增強最有效"],
        en=["Most help alone: shifts, sig"],
    )
    harm = [MEASURED[2], *(effect("augmentation", one.added, one.without, -0.1) for one in MEASURED[3:5])]
    harm[2] = effect("augmentation", harm[2].added, harm[2].without, -0.05)
    says(
        sentences.singles_sentence(harm, CORRECT, own=OWN),
        zh=["平移增強傷害最小，準確率顯著高於"],
        en=["Least harm alone: shifts, sig"],
    )
    close = CORRECT | {"standardized+practice/flip": CORRECT["standardized+practice/shift"]}
    told = sentences.singles_sentence(MEASURED, close, own=OWN)
    says(told, zh=["與翻轉增強的差異未達顯著"], en=["not significantly above flips"])
    assert sentences.singles_sentence(MEASURED[:4], CORRECT, own=OWN) == Text("", "")


def test_a_stronger_augmentation_is_held_against_the_same_at_strength_1():
    says(
        sentences.strength_sentence(MEASURED),
        zh=["2 倍", "−4.5 個百分點"],
        en=["With 2 times", "−4.5 points"],
    )
    assert sentences.strength_sentence(MEASURED[:2]) == Text("", "")


def test_losses_fall_equally_fast_within_an_epoch_or_a_fifth_else_both_ends_are_named():
    slow, fast = pd.Series([3.0, 2.0, 1.0, 0.5]), pd.Series([1.0, 0.5, 0.4, 0.3])
    line = pd.Series(np.linspace(4.0, 0.5, 15))
    close, closer = pd.Series([*line[4:], *[0.4] * 4]), pd.Series([*line[3:], *[0.4] * 3])
    told = sentences.speed_sentence({"none+none": slow, "unit+none": fast})
    says(
        told,
        zh=["只做除以 255要 2 個 epoch，都不做要 4 個"],
        en=["takes 2 epochs with", "and 4 with neither"],
    )
    assert "takes 11 epochs" in sentences.speed_sentence({"none+none": line, "unit+none": close}).en
    assert "equally fast" in sentences.speed_sentence({"none+none": line, "unit+none": closer}).en
    says(
        sentences.speed_sentence({"none+none": slow, "unit+none": slow}),
        zh=["幾乎一樣快"],
        en=["fall about equally fast"],
    )
    assert sentences.speed_sentence({"none+none": slow}) == Text("", "")


def test_claims_of_earlier_reports_follow_the_effects():
    losses = {OWN: pd.Series([2.0, 1.0]), OWN + "*2": pd.Series([2.0, 1.5])}
    told = sentences.claims(MEASURED, losses, own=OWN)
    assert [(one["report"], one["key"], one["verdict"]) for one in told] == [
        ("A", "normalization", "cannot be told"),
        ("A", "augmentation", "confirmed"),
        ("D", "augmentation", "confirmed"),
        ("E", "strength", "confirmed"),
    ]
    for last, verdict in ((1.004, "cannot be told"), (0.99, "not confirmed")):
        losses[OWN + "*2"] = pd.Series([2.0, last])
        assert sentences.claims(MEASURED, losses, own=OWN)[-1]["verdict"] == verdict


def test_ranges_have_units_and_equal_ones_stand_once():
    used = {name: augmentation_preset(name) for name in ("practice", "practice/flip", "compact/zoom")}
    used["practice*2"] = augmentation_preset("practice").scaled(2)
    used["affine_constant/rotation"] = augmentation_preset("affine_constant/rotation")
    table = tables.ranges_table(used, Text("無", "none"))
    assert [(step.en, getattr(reach, "en", reach)) for step, reach in table.itertuples(index=False)] == [
        ("normalization", "none"),
        ("flips", "probability 50%"),
        ("shifts", "±2.4 px"),
        ("zooms", "0.93 to 1.07 times"),
        ("shifts × 2", "±4.8 px"),
        ("rotations", "±10°"),
    ]
    says(
        tables.ranges_caption(AugmentationSettings(fill="constant")),
        zh=["灰階值 0"],
        en=["gaps are filled with grey level 0"],
    )


def test_the_limit_names_images_epochs_and_seeds():
    recipe = get_recipe("practice_cnn").replace(epochs=16)
    says(
        sentences.limit(recipe, 540, 2, compared=True, on_practice_faces=True),
        zh=["540 張訓練影像、16 個 epoch、2 個隨機種子；只在練習臉上測得。"],
        en=["540 training images, 16 epochs and 2 seeds each; practice faces only."],
    )
    other = sentences.limit(recipe, 540, 1, compared=False, on_practice_faces=False)
    assert "practice" not in other.en
    says(
        other,
        zh=["；第 1 題的網路用別的設定（正規化或增強），沒有列入比較。"],
        en=["with other settings (normalization or augmentation), which are not compared."],
    )


@pytest.mark.parametrize(("split", "shape"), [("test", (2, 4)), ("validation", (1, 4))])
def test_seeds_that_each_hold_out_other_images_are_not_taken_for_the_same_images(split, shape):
    runs = [SimpleNamespace(correct_tests=lambda _: np.ones(4, bool), measured_on=split)] * 2
    assert effects.correct_answers({"none+none": runs}, None)["none+none"].shape == shape


def test_histories_are_averaged_epoch_by_epoch():
    falling = [pd.DataFrame({"epoch": [1, 2], "loss": loss}) for loss in ((2.0, 1.0), (4.0, 2.0))]
    history = effects.mean_history([SimpleNamespace(history=lambda one=one: one) for one in falling])
    assert history["epoch"].tolist() == [1, 2]
    assert history["loss"].tolist() == [3.0, 1.5]


def test_a_difference_that_correction_takes_back_says_so_and_one_that_never_was_significant_does_not():
    clear = effect("strength", OWN + "*2", OWN, 0.03, 0.05, p_value=0.2)  # +4.0 (+2.0 to +6.0)
    one_seed = effects.Effect("strength", OWN + "*2", OWN, difference(0.05, p_value=0.0625), 0.0625)
    assert "+7.0，未達顯著" in sentences.strength_sentence([one_seed]).zh
    says(
        sentences.strength_sentence([clear]),
        zh=["+2.0 至 +6.0，經 Holm 校正後未達顯著"],
        en=["(+2.0 to +6.0, not significant after Holm's correction)"],
    )
