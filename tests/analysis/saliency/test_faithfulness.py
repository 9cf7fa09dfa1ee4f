"""What a map is held against: regions, deletion and insertion, random weights, ablation."""

import keras
import numpy as np
import pytest

from fer_nb.analysis.saliency import (
    area_under_curve,
    blur_fill,
    deletion_curves,
    edges,
    face_template,
    gradient,
    mean_fill,
    pointing_game,
    rank_correlation,
    region_ablation,
    region_shares,
    relevance_mass_accuracy,
    top_share,
    untrained,
)
from fer_nb.analysis.saliency.face_template import TEMPLATE_REGIONS
from fer_nb.data.synthetic import REGIONS
from fer_nb.errors import InputError


def test_relevance_and_maximum_in_a_region_worked_out_by_hand():
    maps = np.array([[[4.0, 3.0], [-9.0, 1.0]]])
    regions = np.array([[[True, False], [True, False]]])
    assert relevance_mass_accuracy(maps, regions) == 4 / 8  # the negative pixel has no positive mass
    assert pointing_game(maps, regions) == 1
    assert pointing_game(-maps, regions) == 1 and pointing_game(-maps, ~regions) == 0


@pytest.mark.parametrize("row", [0, 2])
def test_a_map_of_zeros_meets_a_region_by_chance_wherever_it_lies(row):
    regions = np.zeros((1, 4, 5), bool)
    regions[:, row] = True
    for measure in (relevance_mass_accuracy, pointing_game):
        assert measure(np.zeros((1, 4, 5)), regions) == pytest.approx(0.25)
    assert region_shares(-np.ones((1, 4, 5)), regions[:, None]) == pytest.approx(0.25)


def test_equal_maxima_share_the_point():
    assert pointing_game([[[5.0, 5.0, 1.0]]], np.array([[[True, False, True]]])) == 0.5


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
    right, black = weights[None, ..., label], np.zeros_like(image)
    rising = deletion_curves(linear, black, [label], right, fill=image, steps=4)
    assert rising.shape == (1, 5)
    assert rising[0, 0] == pytest.approx(1 / 7, abs=1e-5)  # a black image: all logits are 0
    wrong = deletion_curves(linear, black, [label], -right, fill=image, steps=4)
    assert area_under_curve(rising) > area_under_curve(wrong)
    falling = deletion_curves(linear, image, [label], right, fill=black, steps=4)
    assert falling[0, 0] > 0.5 and falling[0, -1] == pytest.approx(1 / 7, abs=1e-5)
    assert area_under_curve([[1.0, 0.5, 0.0]]) == 0.5


def test_maps_that_are_not_finite_have_no_order(linear, images, classes):
    with pytest.raises(InputError, match="finite"):
        deletion_curves(linear, images, classes, np.full(images.shape, np.nan), fill=mean_fill(images))


def test_the_fills_keep_the_mean_and_lose_the_detail(images):
    for fill in (mean_fill(images), blur_fill(images)):
        assert fill.shape == images.shape
        np.testing.assert_allclose(fill.mean(axis=(1, 2)), images.mean(axis=(1, 2)), rtol=0.05)
        assert fill.std() < 0.2 * images.std()


def test_ablation_of_a_region_takes_its_weights_from_the_logit(linear, weights, images, classes):
    ablated = np.repeat(images[:, None], 2, axis=1).copy()
    ablated[:, 1, :8, :8] = 0
    drops = region_ablation(linear, images, ablated, classes)
    taken = [
        (weights[:8, :8, label] * image[:8, :8]).sum() for image, label in zip(images, classes, strict=True)
    ]
    np.testing.assert_allclose(drops, np.stack([np.zeros(3), taken], axis=1), atol=1e-4)


def test_random_weights_follow_from_their_seed_and_leave_the_network_as_it_was(
    convolutional, images, classes
):
    before = gradient(convolutional, images, classes)
    maps = [gradient(untrained(convolutional, seed=seed), images, classes) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(maps[0], maps[1])
    assert np.abs(rank_correlation(maps[0], maps[2])).max() < 0.5
    assert np.abs(rank_correlation(maps[0], before)).max() < 0.5
    np.testing.assert_array_equal(gradient(convolutional, images, classes), before)


def test_random_weights_leave_what_is_known_of_the_input(images):
    known = keras.layers.Normalization(axis=None, mean=100.0, variance=25.0)
    learned = keras.layers.Normalization(axis=-1)
    learned.adapt(images[..., None])
    for layer in (known, learned):
        network = keras.Sequential([keras.Input((48, 48, 1)), layer, keras.layers.Flatten()])
        network.add(keras.layers.Dense(7))
        copy = untrained(network, seed=1).get_layer(layer.name)
        grey = images[..., None].astype(np.float32)
        np.testing.assert_allclose(copy(grey), layer(grey), rtol=1e-5)


def test_random_weights_leave_the_slopes_of_a_prelu_at_the_0_that_a_training_starts_from():
    rising = keras.layers.PReLU(shared_axes=[1, 2], alpha_initializer="ones", name="prelu")
    network = keras.Sequential([keras.Input((48, 48, 1)), rising, keras.layers.Flatten()])
    network.add(keras.layers.Dense(7))
    assert not keras.ops.convert_to_numpy(untrained(network, seed=1).get_layer("prelu").alpha).any()


def test_the_template_has_the_practice_faces_regions_apart_and_on_both_sides():
    masks = face_template()
    assert TEMPLATE_REGIONS == REGIONS
    assert masks.sum(axis=0).max() == 1 and masks.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(masks, masks[:, :, ::-1])


def test_edges_are_nothing_on_a_flat_image_and_strongest_at_a_step():
    images = np.zeros((2, 48, 48), np.uint8)
    images[1, :, 24:] = 80
    flat, found = edges(images)
    assert not flat.any()
    assert found[24, 23] == found[24, 24] == 40 and found[24, 20] == 0
