import numpy as np
import pytest
from matplotlib import pyplot

from fer_nb.analysis.saliency import Randomization
from fer_nb.figures import saliency
from fer_nb.language import Text

ONE, TWO = Text("甲", "one"), Text("乙", "two")


@pytest.fixture
def axes():
    def make(*shape):
        figure, grid = pyplot.subplots(*shape, squeeze=False)
        figures.append(figure)
        return grid

    figures = []
    yield make
    for figure in figures:
        pyplot.close(figure)


def test_views_show_image_map_masked_image_and_heat_map_with_its_scale(axes):
    image = np.full((1, 48, 48), 100, np.uint8)
    image[:, :24] = 200
    level = np.linspace(0, 2, 2304).reshape(1, 48, 48)
    (row,) = saliency.views(axes(1, 4), image, level, level > 1, titles=["test:1"])
    masked = row[2].images[0].get_array()
    assert masked[0, 0] == 150 and masked[-1, -1] == 100  # the image's mean, and a pixel that is kept
    assert row[1].images[0].get_clim() == pytest.approx((0, np.percentile(level, 99.5)))
    assert row[3].images[1].colorbar is not None and row[0].get_ylabel() == "test:1"


def test_maps_with_a_sign_are_centred_on_zero_and_left_over_places_are_blank(axes):
    maps = {ONE: np.linspace(-1, 0.5, 16).reshape(4, 4), TWO: np.arange(16.0).reshape(4, 4)}
    places = saliency.tiles(axes(2, 2), np.zeros((4, 4)), maps)
    low, high = places[1].images[0].get_clim()
    assert low == -high < 0 and "±" in places[1].get_title()
    assert places[2].images[0].get_clim()[0] == 0 and "0 – " in places[2].get_title()
    assert not places[3].axison


def test_a_flat_map_still_has_a_scale():
    assert saliency.brightest(np.zeros((4, 4))) == 1


def test_randomization_starts_at_one_and_marks_the_level_that_passes(axes):
    ((ax,),) = axes(1, 1)
    saliency.randomization_lines(ax, {ONE: Randomization(("logits", "conv"), (0.5, 0.1))})
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1, 0.5, 0.1])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["—", "logits", "conv"]
    assert ax.lines[1].get_ydata()[0] == 0.5


def test_a_panel_is_drawn_for_each_curve_with_baselines_in_grey(axes):
    curves = {name: {"a": np.linspace(1, 0, 3), "b": np.linspace(0, 1, 3)} for name in (ONE, TWO)}
    panels = saliency.replacement_panels(axes(1, 2), curves, names={"a": ONE, "b": TWO}, baselines=[TWO])
    assert [ax.get_title() for ax in panels] == ["甲 one", "乙 two"]
    assert panels[0].lines[1].get_color() == "0.35" and panels[0].lines[0].get_color() != "0.35"
    np.testing.assert_allclose(panels[1].lines[0].get_xdata(), [0, 50, 100])


def test_regions_have_a_bar_for_mass_and_one_for_area_and_an_outline_each(axes):
    ((ax, other),) = axes(1, 2)
    saliency.region_bars(ax, [0.3, 0.1], [0.2, 0.2], names=[ONE, TWO])
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([30, 10, 20, 20])
    regions = np.zeros((2, 48, 48), bool)
    regions[0, 5:9, 5:9] = True
    saliency.region_outlines(other, np.zeros((48, 48)), regions, title="parts")
    assert len(other.collections) == 1 and other.get_title() == "parts"
