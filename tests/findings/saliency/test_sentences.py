import numpy as np
import pytest
from spoken import says

from fer_nb.findings.saliency import captions, sentences, tables
from fer_nb.findings.saliency.methods import EDGES, INTEGRATED, Faithfulness, most_faithful
from fer_nb.findings.saliency.regions import Excess, RegionShares
from fer_nb.language import EMOTIONS, Text

SMOOTH = Text("SmoothGrad", "SmoothGrad")
MOUTH_OF_HAPPY = Excess(3, (3,), 5, 0.25, 0.126, 0.11, 0.142)
MOUTH = Excess(3, (3, 5), 20, 0.25, 0.126, 0.11, 0.142)
EYES = Excess(1, (0,), 8, 0.12, 0.05, 0.03, 0.07)


def measured(randomization, insertion_deletion, mass=0.4):
    return Faithfulness(randomization, insertion_deletion, mass, 0.2 if mass else None, mass)


def found(drops=None):
    """Five happy faces and three angry ones: half of the relevance at the mouth, a fifth where untrained."""
    shares = np.full((8, 7), 0.05)
    shares[:, 3] = np.linspace(0.4, 0.6, 8)
    return RegionShares(
        np.array([3] * 5 + [0] * 3),
        shares,
        np.full((8, 7), 0.2),
        np.zeros((8, 7)) if drops is None else drops,
    )


def test_the_method_that_answers_passes_randomization_and_orders_pixels_best():
    best = {INTEGRATED: measured(0.4, 0.8), SMOOTH: measured(0.1, 0.3)}
    assert most_faithful(best) == INTEGRATED
    assert most_faithful(best | {INTEGRATED: measured(0.6, 0.8)}) == SMOOTH
    assert most_faithful({SMOOTH: measured(0.5, 0.3), EDGES: measured(None, 0.9)}) is None


def test_the_finding_says_which_part_for_which_emotion_with_size_interval_and_number():
    mouth, eyes = Excess(3, (3,), 5, 0.25, 0.126, 0.11, 0.142), Excess(1, (0,), 8, 0.12, 0.05, 0.03, 0.07)
    said = sentences.finding_sentence(INTEGRATED, [mouth, eyes], found())
    says(
        said,
        zh=[
            "依積分梯度，比未訓練的網路更看重的部位：",
            "高興看嘴巴（多 12.6（11.0–14.2）個百分點，平均佔 25.0%，5 張）",
        ],
        en=["for happy the mouth (by 12.6 points (11.0–14.2), to 25.0% of the saliency"],
    )
    says(said, zh=["生氣看眼睛"], en=["for angry the eyes"])


def test_a_class_whose_largest_share_is_another_part_s_says_so():
    eyes = Excess(1, (0,), 8, 0.12, 0.05, 0.03, 0.07)
    said = sentences.finding_sentence(INTEGRATED, [eyes], found())
    says(
        said,
        zh=["生氣佔比最大的部位仍是嘴巴（57%；未訓練的網路 20%）。"],
        en=["For angry the largest share is still that of the mouth (57%; untrained networks 20%)."],
    )
    mouth = sentences.finding_sentence(INTEGRATED, [Excess(3, (3,), 5, 0.5, 0.3, 0.2, 0.4)], found())
    assert "largest share" not in mouth.en
    shares = np.full((10, 7), 0.09)
    shares[:, 5] = 0.093  # printed alike
    tie = RegionShares(np.full(10, 3), *[shares] * 3)
    assert "largest share" not in sentences.finding_sentence(INTEGRATED, [MOUTH_OF_HAPPY], tie).en


def test_a_class_of_which_no_part_stands_out_says_so_unless_its_faces_are_too_few():
    eight = RegionShares(np.array([3] * 5 + [0] * 5), *[np.full((10, 7), 0.1)] * 3)
    said = sentences.finding_sentence(INTEGRATED, [MOUTH_OF_HAPPY], eight)
    says(said, zh=["生氣沒有明顯多看哪個部位。"], en=["For angry no part stands out."])
    assert "no part" not in sentences.finding_sentence(INTEGRATED, [MOUTH_OF_HAPPY], found()).en


def test_the_first_page_begins_with_the_number_and_carries_the_caveat():
    mouth, eyes = Excess(3, (3,), 5, 0.25, 0.126, 0.11, 0.142), Excess(1, (0,), 8, 0.12, 0.05, 0.03, 0.07)
    said = sentences.front_sentence(INTEGRATED, [mouth, eyes], found(), 0.43)
    assert said.zh.startswith("+12.6（11.0–14.2）個百分點") and said.en.startswith("+12.6 points (11.0–14.2)")
    says(
        said,
        zh=["未訓練的網路", "等級相關仍有 0.43", "生氣則是眼睛"],
        en=["untrained networks", "0.43", "eyes for angry, +5.0"],
    )
    largest = sentences.finding_sentence(INTEGRATED, [mouth, eyes], found())
    says(
        largest,
        zh=["生氣佔比最大的部位仍是嘴巴"],
        en=["For angry the largest share is still that of the mouth"],
    )


@pytest.mark.parametrize(
    ("angry", "sad", "zh", "en"),
    [
        ((0.5, 1.0), (0.2, 0.9), "（生氣、難過的消融不支持）", "(ablation does not agree for angry, sad)"),
        ((0.5, 1.0), (0.9, 0.2), "（生氣的消融不支持）", "(ablation does not agree for angry)"),
        ((0.5, 1.0), (0.01, 0.04), "（生氣的消融不支持）", "(ablation does not agree for angry)"),
        ((1.0, 0.5), (0.9, 0.2), "+5.0（3.0–7.0）個百分點；", "+5.0 points (3.0–7.0)."),
    ],
    ids=[
        "the mouth takes more off for both",
        "the eyes do for one",
        "ablation cannot tell for one",
        "it agrees",
    ],
)
def test_the_first_page_says_for_which_classes_ablation_names_another_part(angry, sad, zh, en):
    drops = np.zeros((3, 7))
    drops[0, 3], drops[1, [1, 3]], drops[2, [1, 3]] = 2.0, angry, sad  # happy, angry, sad: eyes and mouth
    one_each = RegionShares(np.array([3, 0, 4]), np.eye(7)[[3, 1, 1]], np.full((3, 7), 0.1), drops)
    eyes = Excess(1, (0, 4), 8, 0.12, 0.05, 0.03, 0.07)
    said = sentences.front_sentence(INTEGRATED, [MOUTH_OF_HAPPY, eyes], one_each, 0.4)
    says(said, zh=["生氣、難過則是眼睛，+5.0", zh], en=["eyes for angry, sad, +5.0", en])


@pytest.mark.parametrize(
    ("method", "groups", "expected"),
    [(None, [MOUTH], sentences.UNDECIDED), (INTEGRATED, [], sentences.NO_REGION)],
)
def test_no_answer_is_given_where_no_method_passed_or_no_part_stands_out(method, groups, expected):
    assert sentences.finding_sentence(method, groups, found()) == expected
    assert sentences.front_sentence(method, groups, found(), 0.4) == expected
    few = RegionShares(np.arange(7).repeat(4), *[np.full((28, 7), 0.1)] * 3)
    for said in (
        sentences.finding_sentence(INTEGRATED, [], few),
        sentences.front_sentence(INTEGRATED, [], few, 0.4),
    ):
        says(said, zh=["每一類檢查的臉都不到 5 張"], en=["Fewer than 5 faces of each class were checked"])


def ablated(**drops):
    """Five faces of each class named, with by how much the logit falls without each part: {part: logits}."""
    labels = {emotion.en: label for label, emotion in enumerate(EMOTIONS)}
    falls = np.zeros((5 * len(drops), 7))
    for row, parts in enumerate(drops.values()):
        for part, drop in parts.items():
            falls[5 * row : 5 * row + 5, part] = drop
    classes = np.repeat([labels[name] for name in drops], 5)
    return RegionShares(classes, np.full(falls.shape, 0.1), np.full(falls.shape, 0.1), falls)


def test_ablation_is_told_part_by_part_and_whether_the_maps_name_the_same():
    groups = [Excess(3, (3, 0), 10, 0.5, 0.3, 0.2, 0.4)]
    measured = ablated(happy={3: 2.5}, angry={6: 1.0, 3: 0.9}, fear={6: 0.4})
    said = sentences.reason_sentence(groups, measured, redrawn=True)
    assert said.en == (
        "Ablation: with a part redrawn as neutral, the class's mean logit falls most for the nasolabial "
        "folds (angry 1.0, fear 0.4), mouth (happy 2.5). Beside the maps: it agrees for happy; "
        "it does not for angry."
    )
    assert "下降最多的是法令紋（生氣 1.0、恐懼 0.4）、嘴巴（高興 2.5）。" in said.zh
    assert said.zh.endswith("與顯著圖相比：一致的是高興；不一致的是生氣。")
    blurred = sentences.reason_sentence(groups, measured, redrawn=False)
    says(blurred, zh=["把部位改成模糊"], en=["with a part blurred"])


def test_a_fall_that_the_figure_shows_as_large_as_another_is_a_tie():
    tied = sentences.reason_sentence([], ablated(angry={6: 1.0, 3: 0.96}, sad={3: 0.5}), redrawn=True)
    says(tied, zh=["無從判斷的是生氣"], en=["it cannot tell for angry"])


def test_where_nothing_changes_no_reason_is_given_and_of_few_faces_nothing_is_said():
    said = sentences.reason_sentence([Excess(3, (3,), 5, 0.5, 0.3, 0.2, 0.4)], found(), redrawn=True)
    says(
        said,
        zh=["消融找不到原因。"],
        en=["No reason could be shown by ablation."],
    )


def test_a_part_with_less_than_untrained_networks_has_an_interval_in_words():
    less = Excess(5, (4,), 9, 0.1, -0.022, -0.036, -0.007)
    assert sentences.size_text(less, sign="+") == Text(
        "−2.2（−3.6 至 −0.7）個百分點", "−2.2 points (−3.6 to −0.7)"
    )
    more = Excess(5, (4,), 9, 0.1, 0.022, -0.001, 0.045)
    assert sentences.size_text(more, sign="+").en == "+2.2 points (−0.1 to 4.5)"


def test_the_limit_names_random_weights_rare_classes_and_an_approximation():
    said = sentences.limit_sentence(found(), 0.43, practice=False, approximate=True)
    says(
        said,
        zh=["0.43", "20% 的顯著度落在", "生氣 3 張、厭惡 0 張", "模板", "這個網路"],
        en=["0.43", "20% of the saliency lies outside", "angry 3, disgust 0", "template", "this network"],
    )
    drawn = sentences.limit_sentence(found(), None, practice=True, approximate=False)
    assert "Practice faces only" in drawn.en and "template" not in drawn.en and "等級相關" not in drawn.zh


def test_the_table_of_methods_has_no_column_for_what_nobody_could_measure():
    table = tables.methods_table(
        {SMOOTH: measured(0.144, 0.3), EDGES: measured(None, -0.1)}
    )  # the edge detector has no weights
    assert table.iloc[0, 1:].tolist() == ["0.14", "0.30", "40.0%", "20.0%", "40.0%"]
    assert table.isna().iloc[1].tolist() == [False, True, False, False, False, False]
    assert tables.methods_table({SMOOTH: measured(0.1, 0.3, mass=None)}).shape == (1, 3)


def test_cells_hold_both_shares_and_the_fall_of_the_logit():
    drops = np.full((8, 7), -0.01)
    shares, falls = tables.share_cells(found(drops)), tables.drop_cells(found(drops))
    assert [name.split("\n")[1] for name in shares["rows"]] == ["n = 3", "n = 5"]
    assert shares["texts"][0][0] == "5 / 20" and shares["values"][0][0] == pytest.approx(-0.15)
    assert falls["texts"][1] == ["0.0"] * 7


def test_claims_are_held_against_untrained_networks():
    verdicts = {(one["report"], one["key"]): one["verdict"] for one in tables.claims(found())}
    assert verdicts["A", "saliency_parts"] == verdicts["C", "saliency_parts"] == "not confirmed"
    assert verdicts["A", "saliency_sad"] == "cannot be told"  # no sad face
    all_higher = RegionShares(np.array([4] * 6), np.full((6, 7), 0.3), np.full((6, 7), 0.1), np.zeros((6, 7)))
    assert {one["verdict"] for one in tables.claims(all_higher)} == {"confirmed"}


def test_those_who_cannot_see_the_figures_are_told_the_largest_of_each_class():
    drops = np.zeros((8, 7))
    drops[:, 1] = 1.25
    says(captions.views_alt(found()), zh=["高興 happy 嘴巴 mouth"], en=["happy 嘴巴 mouth 45.7%"])
    says(captions.matrix_alt(found(drops)), zh=["眼睛 eyes 1.2"], en=["eyes 1.2"])


def test_titles_name_the_true_class_only_where_it_is_another():
    class Shown:
        labels = np.array([3, 0, -1])

    happy = np.tile([0, 0, 0, 9.0, 0, 0, 0], (3, 1))
    right, wrong, unknown = captions.titles(Shown, happy)
    assert right == unknown == "高興\nhappy 100%" and wrong.endswith("真實生氣\ntrue angry")


def test_captions_say_how_parts_were_taken_out_and_what_is_known():
    says(
        captions.matrix_caption(SMOOTH, found(), redrawn=True),
        zh=["改畫", "其餘 20%"],
        en=["redrawn as neutral", "20% lies outside"],
    )
    says(captions.matrix_caption(SMOOTH, found(), redrawn=False), zh=["改成模糊"], en=["blurred"])
    moved = np.zeros((9, 48, 48), bool)
    moved[:6, 20, 20] = True  # three faces at rest
    assert "truly moved, on the 6 faces" in captions.methods_caption(SMOOTH, 9, true=moved).en
    assert "truly moved" not in captions.methods_caption(SMOOTH, 9, true=None).en
