import matplotlib.pyplot as plt
import numpy as np
import pytest

from fer_nb.figures import filters
from fer_nb.figures.faces import image_rows
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


def test_a_sheet_has_a_row_a_filter_and_everything_on_one_scale_of_grey(figure, images):
    patches = [[np.zeros((5, 5))] * 3] * 2
    filters.filter_sheet(figure, labels=["0", "1"], naive=images, regularized=images, patches=patches)
    assert len(drawn(figure)) == len(figure.axes) == 2 * (2 + 3)
    assert [ax.get_ylabel() for ax in figure.axes[::5]] == ["0", "1"]
    assert {ax.images[0].get_clim() for ax in figure.axes} == {(0, 255)}


def test_a_kernel_stands_over_what_its_filter_puts_out_for_the_face(figure, images):
    kernels, maps = np.arange(9 * 4).reshape(9, 2, 2), np.arange(9 * 4).reshape(2, 2, 9)
    filters.kernel_outputs(figure, images[0], kernels, maps, titles=[str(n) for n in range(9)])
    axes = np.array(figure.axes).reshape(4, 9)
    assert len(drawn(figure)) == 1 + 2 * 9
    assert (axes[2, 1].get_title(), axes[2, 1].images[0].get_clim()) == ("8", (-35, 35))
    np.testing.assert_array_equal(axes[3, 1].images[0].get_array(), maps[..., 8])


def test_outputs_follow_the_image_in_the_order_asked_for(figure, images):
    maps = np.arange(3 * 4 * 4).reshape(4, 4, 3)
    filters.output_sheet(figure, images[0], maps, order=[2, 0, 1])
    shown = drawn(figure)
    assert len(shown) == 4
    assert [ax.get_title() for ax in shown[1:]] == ["2", "0", "1"]
    np.testing.assert_array_equal(shown[1].images[0].get_array(), maps[..., 2])


def test_rows_of_images_are_named_and_titled(images):
    _, axes = plt.subplots(1, 2, squeeze=False)
    image_rows(axes, {Text("網路", "network"): images}, titles=["a", "b"])
    assert axes[0, 0].get_ylabel() == "網路\nnetwork"
    assert [ax.get_title() for ax in axes[0]] == ["a", "b"]
    plt.close("all")
