import numpy as np
import pandas as pd
import pytest

from fer_nb.findings.filters import findings
from fer_nb.findings.filters.listings import merit_table
from fer_nb.findings.filters.noise import NoiseStudy, noise_sentence
from fer_nb.findings.filters.study import Ascent, LayerStudy
from fer_nb.language import Text

WAVE = np.cos(2 * np.pi * np.arange(48) / 16) + np.zeros((48, 48))
BOARD = np.add.outer(np.arange(48), np.arange(48)) % 2


def ascent(*activations, maximum=10.0, smooth=True):
    images = np.stack([WAVE if smooth else BOARD] * len(activations)).astype(np.float32)
    return Ascent(images, np.float32(activations), np.full(len(activations), maximum, np.float32))


def layer(regularized, *, naive=None, groups=((0,), (1,)), field=(48, 48)):
    count = len(regularized.images)
    return LayerStudy(
        name="conv3",
        channels=np.arange(count),
        total=5,
        kernels=None,
        naive=naive or ascent(*[1] * count, smooth=False),
        regularized=regularized,
        patches=[],
        field=field,
        groups=[np.array(group) for group in groups],
    )


def noise(correlation, without, *, stride=1):
    empty = np.zeros((1, 48, 48), np.float32)
    return NoiseStudy("conv1", stride, empty, empty, None, None, np.array([correlation]), np.array([without]))


def test_eight_tenths_of_the_maximum_are_enough_also_where_it_is_below_0():
    assert ascent(8.1, 7.9, 12).enough.tolist() == [True, False, True]
    assert ascent(-11, -13, maximum=-10).enough.tolist() == [True, False]
    assert ascent(5, 20, 30).ratio == pytest.approx(2)
    assert ascent(5, maximum=-1).ratio is None


def test_labels_give_the_ratio_only_where_the_maximum_is_above_0():
    assert layer(ascent(25, 4)).labels == ["0\n×2.5", "1\n×0.4"]
    assert layer(ascent(25, maximum=-1)).labels == ["0"]


def test_the_field_is_told_in_pixels_or_as_the_whole_image():
    assert "sees 5×7 pixels" in findings.field_sentence(layer(ascent(9), field=(5, 7))).en
    told = findings.field_sentence(layer(ascent(9)))
    assert "conv3 has 5 filters, 1 of them shown; one unit sees the whole image" in told.en
    assert "看得到整張影像" in told.zh


def test_smooth_images_that_drive_most_filters_are_told_without_reserve():
    told = findings.merit_sentence(layer(ascent(9, 9, 1)))
    assert told.en == (
        "conv3: the median high-frequency energy of the regularized images is 0.00, below the 1.00 of the "
        "naive ones; 2 of 3 filters reach 0.8 of the data set's maximum."
    )
    assert "3 個濾波器中有 2 個" in told.zh


def test_noisy_or_weak_images_are_called_so():
    rough = findings.merit_sentence(layer(ascent(9, 9, smooth=False)))
    assert "not below the 1.00" in rough.en
    assert "a good deal of noise" in rough.en
    assert "不少雜訊" in rough.zh
    weak = findings.merit_sentence(layer(ascent(9, 1)))
    assert "driven more by a face" in weak.en
    assert "不足以代表" in weak.zh


def test_naive_images_that_drive_a_filter_more_are_owned_up_to():
    told = findings.merit_sentence(layer(ascent(20, 20), naive=ascent(70, 70, smooth=False)))
    assert "Naive images drive them more (7.0 times the maximum against 2.0)" in told.en
    assert "最大值的 7.0 倍對 2.0 倍" in told.zh


def test_twins_among_filters_are_counted_or_said_to_be_missing():
    some = findings.groups_sentence([np.array([0, 2, 3]), np.array([1]), np.array([4])], "conv3")
    assert "Of the 5 filters of conv3, 3 are nearly the same" in some.en
    assert "leaves 3 kinds" in some.en
    assert "here 2 fewer" in some.en
    none = findings.groups_sentence([np.array([0]), np.array([1])], "conv3")
    assert "not borne out" in none.en
    assert "看不到" in none.zh


def test_class_images_that_a_network_misses_are_named():
    answers = np.eye(7)
    answers[2] = answers[4]
    own = findings.classes_sentence(answers, "one", "one")
    assert own.en == "one takes 6 of its own 7 class images for the class asked for; missed: fear."
    other = findings.classes_sentence(np.eye(7), "two", "one")
    assert other.en == "Of the 7 class images made with one, two recognizes 7."
    assert other.zh == "one 的 7 張類別影像，two 認出 7 張。"


def test_logits_beyond_those_of_every_face_are_no_proof():
    assert "no proof of an expression" in findings.logits_sentence(ascent(20, 11), "one").en
    assert findings.logits_sentence(ascent(20, 9), "one").en.endswith("in the data.")
    below = findings.logits_sentence(ascent(5, 9), "one")
    assert below.en.startswith("The logits of 0 of 2 class images of one")
    assert "proof" not in below.en


def test_deceiving_says_how_few_levels_it_takes_and_what_chance_does():
    levels = np.array([1, 1, 2, -1])
    told = findings.adversarial_sentence(levels, most=16, shuffled=0)
    assert "Of 4 images answered rightly 3 are turned by at most 16 grey levels" in told.en
    assert "(of 256; median 1, least 1)" in told.en
    assert "its direction matters" in told.en
    assert "cannot stand plain noise" in findings.adversarial_sentence(levels, most=16, shuffled=2).en


def test_deceiving_says_so_where_nothing_was_turned_or_nothing_was_right():
    assert "none is turned within 4" in findings.adversarial_sentence(np.array([-1]), most=4, shuffled=0).en
    assert "nothing to turn" in findings.adversarial_sentence(np.array([], int), most=4, shuffled=0).en


def test_answers_stand_over_an_image_with_their_probability():
    logits = np.zeros((1, 7))
    logits[0, 3] = 100
    assert findings.answer_titles(logits, -logits) == [("高興 happy\n100.0%", "生氣 angry\n16.7%")]


def test_noise_that_stayed_bears_out_report_b_on_a_stride_of_1():
    told = noise_sentence(noise(0.999, 0.999))
    assert "report B holds here" in told.en
    assert "0.999" in told.zh


def test_with_a_stride_the_pattern_is_told_apart_from_the_noise():
    told = noise_sentence(noise(0.3, 1.0, stride=2))
    assert "a pattern of 4 in turn" in told.en
    assert "4 個常數" in told.zh


def test_noise_that_is_gone_contradicts_the_explanation():
    assert "does not hold" in noise_sentence(noise(0.3, 0.4)).en


def test_the_table_has_a_row_an_ascent_with_a_dash_for_an_unknown_ratio():
    frame = merit_table(
        [("conv3", Text("單純", "naive"), ascent(9, 3)), ("x", Text("甲", "a"), ascent(1, maximum=-1))]
    )
    assert frame.iloc[0].tolist()[2:] == [2, "0.00", "0.00", "0.6", "1 / 2"]
    assert pd.isna(frame.iloc[1, 5])


def test_the_answer_gives_both_energies_and_the_reach():
    told = findings.answer_sentence(layer(ascent(9, 1)))
    assert "energy of 1.00" in told.en
    assert "it is 0.00, and 1 of 2 filters" in told.en
    assert told.zh.endswith("。")


def test_a_sheets_caption_names_the_weights_only_where_they_are_drawn():
    assert "weights" not in findings.sheet_caption(layer(ascent(9))).en
    assert "0 black to 255 white" in findings.sheet_caption(layer(ascent(9))).en


def test_alternative_texts_carry_the_numbers():
    assert ": 0 0.00, 9 / 10." in findings.sheet_alt(layer(ascent(9))).en
    maps = np.array([[[1.0, -1.0]]])
    assert (
        findings.outputs_alt(maps, "conv3").en
        == "2 outputs of conv3, 1×1 each; 50% of all values are above 0."
    )
    assert "one 0.00, 1 / 2" in findings.ascents_alt({"one": ascent(9, 1)}).en


@pytest.mark.parametrize("practice", [True, False])
def test_the_limit_is_that_of_the_data(practice):
    assert ("practice faces" in findings.limit_sentence(on_practice_faces=practice).en) is practice
