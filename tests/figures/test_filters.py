import matplotlib.pyplot as plt
import numpy as np
import pytest

from fer_nb.figures import filters
from fer_nb.language import Text


@pytest.fixture
def figure():
    yield plt.figure()
    plt.close("all")


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(0, 255, (2, 48, 48))


def drawn(figure):
    return [ax for ax in figure.axes if ax.images]


def test_a_signed_tile_is_white_at_0_and_as_wide_on_both_sides(figure):
    ax = filters.signed_tile(figure.add_subplot(), np.array([[-1.0, 4.0]]))
    assert ax.images[0].get_clim() == (-4, 4)
    assert filters.signed_tile(ax, np.zeros((2, 2))).images[-1].get_clim() == (-1, 1)


def test_a_sheet_has_a_row_a_filter_and_leaves_out_the_kernels_that_are_none(figure, images):
    patches = [[np.zeros((5, 5))] * 3, [np.zeros((5, 5))]]
    filters.filter_sheet(figure, labels=["0", "1"], naive=images, regularized=images, patches=patches)
    assert len(figure.axes) == 2 * (2 + 3)
    assert len(drawn(figure)) == 2 * 2 + 4
    assert [ax.get_ylabel() for ax in figure.axes[::5]] == ["0", "1"]
    naive, regularized = figure.axes[:2]
    assert naive.images[0].get_clim() == (images[0].min(), images[0].max())
    assert regularized.images[0].get_clim() == (0, 255)
    assert "單純上升" in naive.get_title()


def test_a_sheet_begins_with_the_kernels_where_there_are_any(figure, images):
    kernels = np.ones((2, 3, 3))
    patches = [[np.zeros((3, 3))]] * 2
    filters.filter_sheet(
        figure, labels=["0", "1"], naive=images, regularized=images, patches=patches, kernels=kernels
    )
    assert figure.axes[0].images[0].get_array().shape == (3, 3)
    assert "kernel" in figure.axes[0].get_title()


def test_a_noise_sheet_has_a_row_for_what_is_known(figure, images):
    filters.noise_sheet(figure, starts=images, means=images)
    assert len(drawn(figure)) == 4
    filters.noise_sheet(plt.figure(), starts=images, means=images, units=images[:, :5, :5], kernels=images)
    assert len(drawn(plt.gcf())) == 8


def test_outputs_follow_the_image_in_the_order_asked_for(figure, images):
    maps = np.arange(3 * 4 * 4).reshape(4, 4, 3)
    filters.output_sheet(figure, images[0], maps, order=[2, 0, 1])
    shown = drawn(figure)
    assert len(shown) == 4
    assert [ax.get_title() for ax in shown[1:]] == ["2", "0", "1"]
    np.testing.assert_array_equal(shown[1].images[0].get_array(), maps[..., 2])


def test_rows_of_images_are_named_and_titled(images):
    _, axes = plt.subplots(1, 2, squeeze=False)
    filters.image_rows(axes, {Text("網路", "network"): images}, titles=["a", "b"])
    assert axes[0, 0].get_ylabel() == "網路\nnetwork"
    assert [ax.get_title() for ax in axes[0]] == ["a", "b"]
    plt.close("all")


def test_a_change_is_drawn_around_0_with_its_largest_level_named(images):
    _, axes = plt.subplots(3, 1, squeeze=False)
    original = images[:1].astype(np.uint8)
    changed = original.copy()
    changed[0, 0, 0] = original[0, 0, 0] - 3 if original[0, 0, 0] > 3 else original[0, 0, 0] + 3
    filters.adversarial_rows(axes, original, changed, titles=[("before", "after")])
    assert [ax.get_title() for ax in axes[:, 0]] == ["before", "±3/255", "after"]
    assert axes[1, 0].images[0].get_clim() == (-3, 3)
    plt.close("all")
