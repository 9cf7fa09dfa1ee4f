import numpy as np
import pytest
from matplotlib import pyplot

from fer_nb.figures import saliency
from fer_nb.language import Text


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


def test_views_show_image_map_overlay_and_masked_image_below_one_another(axes):
    image = np.full((1, 48, 48), 100, np.uint8)
    level = np.zeros((1, 48, 48))
    level[:, :12, :12] = 2
    grid = axes(4, 1)
    saliency.views(grid, image, level, kept=1 / 16, titles=["高興"])
    photo, heat, laid, masked = (ax.images[0].get_array() for ax in grid[:, 0])
    assert photo[0, 0] == 100 and grid[0, 0].get_title() == "高興"
    assert heat[0, 0] == 2 and grid[1, 0].images[0].get_clim() == (0, 2)
    assert laid[2, 2, 0] > 1.5 * laid[2, 2, 1] and laid[40, 40, 0] == laid[40, 40, 1]  # red, and grey
    assert masked[2, 2] == 100 and masked[40, 40] == 255
    assert [ax.get_ylabel().split("\n")[0] for ax in grid[:, 0]] == ["影像", "顯著圖", "疊圖", "遮罩影像"]


def test_the_overlay_outlines_the_kept_share_whatever_the_sign(axes):
    level = np.full((48, 48), -1.0)
    level[20:28, 20:28] = 1
    mask = saliency.overlay(axes(1, 1)[0, 0], np.zeros((48, 48)), level, kept=0.02)
    assert mask.sum() == 46 and mask[21:27, 21:27].all()


def test_a_class_mean_weighs_each_face_alike_and_a_class_without_faces_stays_blank(axes):
    maps = np.zeros((3, 48, 48))
    maps[0, :8, :8], maps[1, -8:, -8:] = 1000, 1
    row = axes(1, 2)[0]
    saliency.class_means(row, [3, 1], np.zeros((3, 48, 48)), maps, [3, 3, 0], kept=0.1)
    shown = row[0].images[0].get_array()
    np.testing.assert_allclose(shown[2, 2], shown[-3, -3])
    assert not row[1].images


def test_a_map_without_a_positive_value_still_has_a_scale():
    assert saliency.largest(np.zeros((4, 4))) == saliency.largest(-np.ones((4, 4))) == 1


def test_a_matrix_has_a_cell_for_each_class_and_region_with_light_text_on_dark(axes):
    columns = [Text("嘴巴", "mouth"), Text("法令紋", "nasolabial folds")]
    words = {"texts": [["25 / 7", "3 / 2"]], "rows": ["高興"], "columns": columns, "title": columns[0]}
    ax = axes(1, 1)[0, 0]
    saliency.region_matrix(ax, values=[[0.18, -0.01]], **words)
    assert [(text.get_text(), text.get_color()) for text in ax.texts] == [
        ("25 / 7", "white"),
        ("3 / 2", "black"),
    ]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["嘴巴\nmouth", "法令紋\nfolds"]
