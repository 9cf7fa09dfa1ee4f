import numpy as np
import pytest

from fer_nb.analysis.saliency import (
    area_under,
    blur_fill,
    chance,
    edges,
    face_template,
    gradient,
    localization,
    mean_fill,
    randomization_check,
    rank_correlation,
    region_shares,
    removal_agreement,
    removal_effects,
    replacement_curves,
    top_share,
    untrained,
)
from fer_nb.analysis.saliency.template import TEMPLATE_REGIONS
from fer_nb.data.synthetic import REGIONS


def test_localization_of_a_map_worked_out_by_hand():
    maps = np.array([[[4.0, 3.0], [-9.0, 1.0]]])
    regions = np.array([[[True, False], [True, False]]])
    found = localization(maps, regions, kept=0.5)
    assert found.mass == 4 / 8  # the negative pixel has no positive mass
    assert found.rank == 1 / 2  # of the top two pixels one lies inside
    assert found.pointing == 1
    assert found.overlap == 1 / 3


@pytest.mark.parametrize("row", [0, 2])
def test_a_map_of_zeros_reaches_chance_by_every_measure_wherever_the_region_lies(row):
    regions = np.zeros((1, 4, 5), bool)
    regions[:, row] = True
    found, expected = localization(np.zeros((1, 4, 5)), regions), chance(regions)
    for name in ("mass", "rank", "pointing", "overlap"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name)), name
    assert region_shares(np.zeros((1, 4, 5)), regions[:, None]) == pytest.approx(0.25)


def test_equal_pixels_share_what_is_left_of_the_top():
    regions = np.array([[[True, False, True]]])
    found = localization(np.array([[[5.0, 1.0, 1.0]]]), regions)
    assert found.rank == pytest.approx((1 + 0.5) / 2)
    assert localization(np.array([[[5.0, 5.0, 1.0]]]), regions).pointing == 0.5


def test_random_maps_reach_what_chance_says():
    generator = np.random.default_rng(0)
    regions = np.zeros((400, 20, 20), bool)
    regions[:, :6, :10] = True
    found = localization(generator.random((400, 20, 20)), regions, kept=0.2)
    for name in ("mass", "rank", "pointing", "overlap"):
        expected = getattr(chance(regions, kept=0.2), name).mean()
        assert getattr(found, name).mean() == pytest.approx(expected, abs=0.05), name


def test_rank_correlation_knows_equal_opposite_and_flat_maps():
    maps = np.arange(18.0).reshape(2, 3, 3)
    np.testing.assert_allclose(rank_correlation(maps, np.exp(maps)), 1)
    np.testing.assert_allclose(rank_correlation(maps, -maps), -1)
    np.testing.assert_allclose(rank_correlation(maps, np.ones_like(maps)), 0)


def test_the_top_share_holds_as_many_pixels_as_asked_for():
    maps = np.array([[[1.0, 5.0], [3.0, 2.0]]])
    np.testing.assert_array_equal(top_share(maps, 0.5), [[[False, True], [True, False]]])
    assert not top_share(maps, 0.0).any() and top_share(np.zeros((1, 2, 2)), 1.0).all()


def test_region_shares_add_up_to_the_positive_mass_in_the_regions():
    maps = np.array([[[1.0, -5.0], [3.0, 0.0]]])
    regions = np.array([[[1, 1], [0, 0]], [[0, 0], [1, 0]]], bool)
    np.testing.assert_allclose(region_shares(maps, regions), [[0.25, 0.75]])


def test_deletion_falls_and_insertion_rises_where_the_map_is_right(linear, weights):
    label = 4
    image = np.where(weights[..., label] > 0, 255, 0).astype(np.uint8)[None]
    right, wrong = weights[None, ..., label], -weights[None, ..., label]
    areas = {}
    for name, maps in {"right": right, "wrong": wrong}.items():
        flat = np.zeros_like(image)
        curves = replacement_curves(linear, image, [label], maps, fill=flat, insertion=True, steps=4)
        assert curves.shape == (1, 5)
        assert curves[0, 0] == pytest.approx(1 / 7, abs=1e-5)  # a black image: all logits are 0
        areas[name] = area_under(curves)[0]
    assert areas["right"] > areas["wrong"]
    assert area_under([[1.0, 0.5, 0.0]]) == 0.5
    deletion = replacement_curves(linear, image, [label], right, fill=np.zeros_like(image), steps=4)
    assert deletion[0, 0] > 0.5 and deletion[0, -1] == pytest.approx(1 / 7, abs=1e-5)


def test_the_fills_keep_the_mean_and_lose_the_detail(images):
    for fill in (mean_fill(images), blur_fill(images)):
        assert fill.shape == images.shape
        np.testing.assert_allclose(fill.mean(axis=(1, 2)), images.mean(axis=(1, 2)), rtol=0.05)
        assert fill.std() < 0.2 * images.std()


def test_removing_a_part_takes_its_weights_from_the_logit(linear, weights, images, classes):
    redrawn = np.repeat(images[:, None], 2, axis=1).copy()
    redrawn[:, 1, :8, :8] = 0
    effects = removal_effects(linear, images, redrawn, classes)
    taken = [
        (weights[:8, :8, label] * image[:8, :8]).sum() for image, label in zip(images, classes, strict=True)
    ]
    np.testing.assert_allclose(effects, np.stack([np.zeros(3), taken], axis=1), atol=1e-4)


def test_removal_agrees_with_a_map_that_orders_the_parts_alike():
    regions = np.eye(9, dtype=bool).reshape(1, 9, 3, 3)[:, :4]
    maps = np.array([[[4.0, 3.0, 2.0], [1.0, 0, 0], [0, 0, 0]]])
    assert removal_agreement(maps, regions, [[9.0, 5.0, 1.0, 0.1]]) == pytest.approx(1)
    assert removal_agreement(maps, regions, [[0.1, 1.0, 5.0, 9.0]]) == pytest.approx(-1)


def test_a_gradient_changes_with_the_weights_and_an_edge_detector_does_not(convolutional, images, classes):
    methods = {"gradient": gradient, "edges": lambda model, faces, labels: edges(faces)}
    found = randomization_check(convolutional, images, classes, methods, seed=1)
    assert found["gradient"].layers == ("logits", "conv2", "conv1")
    assert found["gradient"].passed and not found["edges"].passed
    assert found["edges"].correlation == pytest.approx((1, 1, 1))


def test_the_check_leaves_the_network_as_it_was(convolutional, images, classes):
    before = gradient(convolutional, images, classes)
    randomization_check(convolutional, images, classes, {"gradient": gradient}, seed=1)
    np.testing.assert_array_equal(gradient(convolutional, images, classes), before)


def test_an_untrained_network_follows_from_its_seed(convolutional, images, classes):
    maps = [gradient(untrained(convolutional, seed=seed), images, classes) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(maps[0], maps[1])
    assert np.abs(rank_correlation(maps[0], maps[2])).max() < 0.5


def test_the_template_has_the_practice_faces_regions_apart_and_on_both_sides():
    masks = face_template()
    assert TEMPLATE_REGIONS == REGIONS
    assert masks.sum(axis=0).max() == 1 and masks.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(masks, masks[:, :, ::-1])
