import numpy as np
import pytest
from spoken import says

from fer_nb.analysis.ascent import ReceptiveField, Responses, Sine, white_noise
from fer_nb.findings.filters import sentences
from fer_nb.findings.filters.study import Ascent, LayerStudy
from fer_nb.language import Text

STRIPES = [Sine("horizontal", 6.0, 2.0), Sine("diagonal", 3.0, 135.0), Sine("horizontal", 7.0, 0.0)]
HAPPY, MIXED = [1, 0, 0, 24, 0, 0, 0], [4, 3, 4, 4, 3, 4, 3]


def ascent(*activations, maximum=10.0):
    images = np.zeros((len(activations), 48, 48), np.float32)
    return Ascent(images, np.float32(activations), np.full(len(activations), maximum, np.float32))


def layer(*, mouth=(0.6, 0.1), counts=(HAPPY, MIXED), sines=(), naive=70, regularized=20, size=48, twins=0.0):
    """Two filters: by default one driven by the mouth of happy faces, the other by nothing that shows.

    `twins` are the correlations of the three filters' outputs, one for all pairs or a matrix.
    """
    losses = np.zeros((2, 7))
    losses[:, 3] = mouth
    correlation = np.eye(3) + twins * (1 - np.eye(3))
    none = np.zeros((1, 2), np.float32)
    return LayerStudy(
        name="block1_conv1" if sines else "block4_conv1",
        channels=np.arange(2),
        naive=ascent(naive, naive),
        regularized=ascent(regularized, regularized),
        field=ReceptiveField((0, 0), (size - 1, size - 1), (1, 1)),
        sines=list(sines),
        found=Responses(none, none, np.zeros((1, 2, 2), int), correlation),
        strongest=np.zeros((2, 25), int),
        counts=np.array(counts),
        shares=np.full(7, 1 / 7),
        losses=losses,
    )


FIRST = layer(sines=STRIPES, size=5)


def test_the_finding_counts_parts_and_expressions_of_the_last_layer_and_waves_of_the_first():
    told = sentences.finding_sentence([FIRST, layer()])
    assert told.en == (
        "Of the first 2 filters (of 3) of block 4, convolution 1: 1 is driven most by the mouth, "
        "for 1 no driving part was found; 1 favours an expression (happy 1). "
        "By the sine wave that drives them most, 3 filters of block 1, convolution 1: "
        "horizontal stripes 2, diagonal stripes 1; "
        "no two give nearly the same output over 1 faces (correlation above 0.95)."
    )
    assert "1 個受嘴巴激發最多、1 個找不到主要部位；1 個偏好一種表情（高興 1）。" in told.zh
    assert "橫紋 2、斜紋 1；在" in told.zh


def test_filters_that_put_out_nearly_the_same_are_counted():
    chain = np.array([[0, 0.96, 0.9], [0.96, 0, 0.97], [0.9, 0.97, 0]])  # the last two are like the second
    for twins, count in ((0.96 * np.eye(3)[[2, 1, 0]], 2), (chain, 3)):
        told = sentences.finding_sentence([layer(sines=STRIPES, twins=twins)])
        says(
            told, zh=[f"其中 {count} 個的輸出在"], en=[f"{count} give nearly the same output as another over"]
        )


def test_a_layer_of_which_nothing_shows_is_said_to_show_nothing():
    none = layer(mouth=(0.1, 0.1), counts=(MIXED, MIXED))
    told = sentences.finding_sentence([none])
    assert "for 2 no driving part was found; none favours an expression" in told.en
    assert sentences.front_sentence([none]).zh.startswith("0/2：")
    assert "No part could be shown" in reason(none).en


def test_the_first_page_begins_with_the_number():
    assert sentences.front_sentence([FIRST, layer(mouth=(0.6, 0.5))]).en == (
        "2/2 driven most by the mouth: the first 2 filters (of 3) of block 4, convolution 1; "
        "1 favours an expression (happy 1)."
    )
    assert sentences.front_sentence([FIRST]).zh == "2/3：第 1 區塊第 1 個卷積層的 3 個濾波器受橫紋激發最多。"


def reason(*studies, redrawn=True):
    worse = layer(mouth=(0.1, 0.5))
    return sentences.reason_sentence(studies, worse, label="practice_cnn (1)", redrawn=redrawn)


def test_what_units_see_is_told_layer_by_layer():
    told = sentences.fields_sentence([FIRST, layer()])
    assert "5×5 pixels in block 1, convolution 1, 48×48 pixels (the whole image) in block 4" in told.en
    assert "第 1 個卷積層 48×48 像素（整張影像）。" in told.zh
    assert "whole image" not in sentences.fields_sentence([layer(size=47)]).en


def test_the_reason_gives_what_is_lost_without_the_part_and_what_a_worse_network_has_already():
    told = reason(FIRST, layer())
    assert "by its 25 strongest faces loses 60.0% of its lead" in told.en
    assert "0.0% with the part that comes next (medians over the filters with such a part)" in told.en
    assert told.en.endswith(
        "In the same layer of the small CNN after 1 epoch, 1 is driven most by the mouth, "
        "for 1 no driving part was found."
    )
    assert "模糊" in reason(layer(), redrawn=False).zh
    assert reason(FIRST).en == "No reason could be shown."  # told by waves, not by parts


def test_both_ascents_are_compared_within_the_same_grey_levels():
    told = sentences.range_sentence(layer())
    assert "naive images reach 7.0 times the most that any of" in told.en
    assert (
        "nothing to compare"
        in sentences.range_sentence(LayerStudy(**vars(layer()) | {"naive": ascent(5, maximum=-1)})).en
    )


@pytest.mark.parametrize(
    ("naive", "regularized", "harder"), [(70, 20, True), (20, 70, True), (70, 10, False), (10, 20, False)]
)
def test_patterns_drive_harder_than_faces_only_where_those_of_both_ascents_do(naive, regularized, harder):
    told = sentences.range_sentence(layer(naive=naive, regularized=regularized))  # a face reaches 10
    assert ("patterns optimized from noise drive a filter harder than these faces" in told.en) is harder
    assert ("激發強過這些臉" in told.zh) is harder


def test_a_worse_network_is_told_by_what_its_filters_favour():
    worse = layer(mouth=(0.1, 0.1), counts=(MIXED, MIXED))
    told = sentences.worse_sentence(layer(), worse, label="practice_cnn (1)")
    assert "small CNN after 1 epoch, for 2 no driving part was found; none favours" in told.en
    assert told.en.endswith("In the fully trained network 1 favours an expression (happy 1).")


def test_bonus_images_are_counted():
    answers = np.eye(7)
    answers[2] = answers[4]
    deceived = sentences.adversarial_sentence(np.array([1, 1, 2, -1]), most=16, shuffled=0)
    told = sentences.bonus_sentence(ascent(20, 11, 1), answers, deceived)
    assert "classified as their target class: 6 of 7; above the logit of every face: 2. Adv" in told.en
    assert "3 are misclassified after a change of at most 16 of 256 grey levels per pixel" in told.en
    assert (
        "smallest such change has a median of 1. The same changes with their pixels shuffled make 0 of these"
        in told.en
    )
    assert "none is turned within 4" in sentences.adversarial_sentence(np.array([-1]), most=4, shuffled=0).en


def test_of_no_image_answered_rightly_nothing_is_said():
    assert sentences.adversarial_sentence(np.zeros(0, int), most=16, shuffled=0) == Text("", "")


def test_the_table_and_the_labels_name_part_and_expression_of_each_filter():
    table = sentences.filter_table(layer())
    assert [str(cell) for cell in table.iloc[0]] == ["0", "嘴巴 mouth", "60.0%", "高興 happy", "24 / 25"]
    assert table.iloc[1, 1] == table.iloc[1, 3] == sentences.NOTHING
    assert sentences.filter_labels(layer()) == ["0\n嘴巴 mouth\n高興 happy", "1"]
    assert "0 嘴巴 mouth, 高興 happy" in sentences.filters_alt(layer()).zh


def test_waves_are_drawn_as_stripes_with_their_period():
    titles = [sentences.sine_title(sine) for sine in [*STRIPES, Sine("brightness", np.inf, 0.0)]]
    assert titles == ["─ 6.0 px", "╲ 3.0 px", "─ 7.0 px", "明暗 level"]
    assert sentences.numbers(FIRST)["sines"][0]["period"] == "6.0"


@pytest.mark.parametrize(("kept", "verdict"), [(True, "confirmed"), (False, "not confirmed")])
def test_report_bs_claims_are_decided_by_the_noise_that_stays_and_by_outputs_alike(kept, verdict):
    noise = white_noise(2, seed=5)
    made = Ascent(noise + 9 if kept else noise[::-1], *[np.ones(2, np.float32)] * 2)
    study = LayerStudy(**vars(layer(sines=STRIPES, twins=0.99 if kept else 0.0)) | {"naive": made})
    assert [claim["verdict"] for claim in sentences.claims(study, seed=5)] == [verdict] * 2
