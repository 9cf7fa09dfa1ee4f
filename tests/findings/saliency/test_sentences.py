import numpy as np
import pytest

from fer_nb.analysis.saliency import Localization, Randomization
from fer_nb.findings.saliency import belief, captions, sentences, tables
from fer_nb.findings.saliency.methods import CHANCE, CURVES, EDGES, GRADIENT, PERTURBATION, SMOOTHGRAD
from fer_nb.language import Text

STEADY = Randomization(("logits", "conv"), (0.9, 0.8))
CHANGED = Randomization(("logits", "conv"), (0.6, 0.1))


def curve_areas(deletion, insertion):
    return {(curve, fill): deletion if curve == "deletion" else insertion for curve, fill in CURVES}


def reached(mass):
    return Localization(*(np.full(2, mass) for _ in range(4)))


AREAS = {
    GRADIENT: curve_areas(0.2, 0.7),
    SMOOTHGRAD: curve_areas(0.1, 0.8),
    EDGES: curve_areas(0.4, 0.5),
    CHANCE: curve_areas(0.45, 0.45),
}


def test_a_method_that_fails_with_random_weights_is_named():
    told = belief.randomization_sentence({GRADIENT: STEADY, SMOOTHGRAD: CHANGED})
    assert told.en.startswith("Gradient fails") and "SmoothGrad" not in told.en and "沒有通過" in told.zh
    assert "All 1 methods pass" in belief.randomization_sentence({GRADIENT: CHANGED}).en


def test_the_most_trusted_method_passes_and_orders_pixels_best():
    assert belief.most_trusted({GRADIENT: CHANGED, SMOOTHGRAD: CHANGED}, AREAS) == SMOOTHGRAD
    assert belief.most_trusted({GRADIENT: CHANGED, SMOOTHGRAD: STEADY}, AREAS) == GRADIENT
    assert belief.most_trusted({GRADIENT: STEADY, PERTURBATION: CHANGED}, AREAS) is None


def test_curves_name_the_best_and_who_falls_behind_the_baselines():
    told = belief.curves_sentence(AREAS).en
    assert told.startswith("SmoothGrad does best: insertion less deletion is 0.70")
    assert "Every method beats" in told
    behind = belief.curves_sentence(AREAS | {GRADIENT: curve_areas(0.42, 0.7)}).en
    assert "gradient falls behind" in behind
    none = {GRADIENT: curve_areas(0.5, 0.4), EDGES: AREAS[EDGES], CHANCE: AREAS[CHANCE]}
    assert "No method beats" in belief.curves_sentence(none).en


@pytest.mark.parametrize(
    ("mass", "untrained", "expected"),
    [
        (0.45, 0.3, "Gradient has 45.0%, 1.50 times"),
        (0.36, 0.3, "No method reaches 1.5 times"),
        (0.25, 0.1, "No method beats the area, the edge detector"),  # 2.5 times, but the edges have more
        (0.36, 0.4, "No method beats the area, the edge detector"),
    ],
)
def test_localization_claims_no_more_than_baselines_allow(mass, untrained, expected):
    found = {GRADIENT: reached(mass), EDGES: reached(0.28), CHANCE: reached(0.2)}
    told = belief.localization_sentence(found, {GRADIENT: reached(untrained)})
    assert expected in told.en
    assert ("證據薄弱" in told.zh) == (expected == "No method reaches 1.5 times")


def test_methods_that_do_not_beat_the_baselines_are_named():
    found = {GRADIENT: reached(0.5), SMOOTHGRAD: reached(0.25), EDGES: reached(0.3), CHANCE: reached(0.2)}
    told = belief.localization_sentence(found, {GRADIENT: reached(0.2), SMOOTHGRAD: reached(0.2)})
    assert "SmoothGrad: no better" in told.en and "SmoothGrad 沒有勝過" in told.zh


def test_the_answer_names_the_densest_parts_and_admits_an_approximation():
    areas = np.array([0.05, 0.04, 0.04, 0.05, 0.1, 0.1, 0.02])
    shares = np.tile(areas, (3, 1))
    shares[:, 3] = 0.3
    shares[:, 1] = 0.06
    told = sentences.looks_sentence(GRADIENT, shares, areas, approximate=True)
    assert "most at the mouth (30.0% of the mass, 6.0 times" in told.en and "then at the eyes" in told.en
    assert "approximation" in told.en and "近似" in told.zh
    assert "approximation" not in sentences.looks_sentence(GRADIENT, shares, areas, approximate=False).en


def test_no_answer_is_given_where_no_method_passed_or_no_part_stands_out():
    areas = np.full(7, 0.1)
    shares = np.full((2, 7), 0.05)
    assert "cannot be said" in sentences.looks_sentence(None, shares, areas, approximate=False).en
    assert "nowhere in particular" in sentences.looks_sentence(GRADIENT, shares, areas, approximate=False).en


def test_missing_classes_and_named_images_are_told():
    chosen = sentences.images_sentence(["test:3"], np.array([3]), chosen=True)
    assert "test:3" in chosen.en and "angry or disgust" in chosen.en and "厭惡" in chosen.zh
    assert "named" in sentences.images_sentence(["test:3"], np.array([3]), chosen=False).en


def test_checks_that_fail_say_so():
    name = Text("積分梯度", "integrated gradients")
    assert "enough" in sentences.completeness_sentence(name, np.array([0.01]), np.array([2.0])).en
    assert "more steps" in sentences.completeness_sentence(name, np.array([-0.5]), np.array([2.0])).en
    assert "one map" in sentences.perturbation_sentence(np.array([0.97]), np.array([0.7])).en
    assert "not the same" in sentences.perturbation_sentence(np.array([0.5]), np.array([0.7])).en
    assert "gradients are right" in sentences.step_sentence(np.array([0.99, 1.01])).en
    assert "more than 5% off" in sentences.step_sentence(np.array([0.8, 1.0])).en


def test_tables_hold_a_row_a_method_and_a_dash_where_nothing_was_measured():
    found = {GRADIENT: reached(0.4), CHANCE: reached(0.2)}
    table = tables.localization_table(found, {GRADIENT: reached(0.2)}, {GRADIENT: 0.5})
    assert table.iloc[0, 1:5].tolist() == ["0.40", "0.20", "2.00", "0.40"]
    assert table.iloc[1, [2, 3, 7]].isna().all()
    checks = tables.randomization_table({GRADIENT: CHANGED, SMOOTHGRAD: STEADY})
    assert [cell.en for cell in checks.iloc[:, 4]] == ["passed", "failed"]
    assert tables.areas_table(AREAS).shape == (4, 5)
    regions = tables.regions_table(np.full((3, 7), 0.1), np.full(7, 0.05), [3, 3, 0])
    assert regions.iloc[:, 1].tolist()[:3] == [1, 2, 3] and regions.iloc[-1, 2] == "5%"


def test_those_who_cannot_see_the_maps_are_told_where_they_are_dense():
    class Shown:
        names = ("test:1",)
        labels = np.array([3])

    maps = np.zeros((1, 48, 48))
    maps[:, 36:39, 20:28] = 1
    assert "mouth" in captions.views_alt(Shown, np.array([3]), maps).en
    assert captions.titles(Shown, np.array([[0, 0, 0, 9.0, 0, 0, 0]]))[0].endswith("100%")
    two = {GRADIENT: np.arange(4.0).reshape(2, 2), SMOOTHGRAD: -np.arange(4.0).reshape(2, 2)}
    assert "gradient 1.00" in captions.tiles_alt(two, SMOOTHGRAD).en  # the magnitudes agree
    assert "mouth 30%" in captions.shares_alt([0, 0, 0, 0.3, 0, 0, 0]).en
