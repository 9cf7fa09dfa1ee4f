import matplotlib.pyplot as plt
import numpy as np
import pytest

from fer_nb.figures import faces as figures
from fer_nb.language import EMOTIONS, GLOSSARY


@pytest.fixture
def subplots():
    yield lambda *shape: plt.subplots(*shape, squeeze=False)[1]
    plt.close("all")


def flat(*levels):
    return np.zeros((len(levels), 48, 48), np.uint8) + np.array(levels, np.uint8)[:, None, None]


def test_a_face_is_drawn_from_black_to_white_whatever_its_own_range(subplots):
    ax = subplots(1, 1)[0, 0]
    assert figures.face(ax, flat(100)[0], title="happy") is ax
    (image,) = ax.images
    assert image.get_clim() == (0, 255)
    assert image.get_cmap().name == "gray"
    assert ax.get_title() == "happy"
    assert not ax.get_xticks().size
    assert not ax.get_yticks().size


def test_a_grid_has_the_first_faces_of_each_class_in_its_row(subplots):
    axes = subplots(7, 2)
    labels = np.array([3, 0, 3, 3, 6])
    figures.face_grid(axes, flat(10, 20, 30, 40, 50), labels)
    levels = [[ax.images[0].get_array()[0, 0] if ax.images else None for ax in row] for row in axes]
    assert levels == [
        [20, None],
        [None, None],
        [None, None],
        [10, 30],
        [None, None],
        [None, None],
        [50, None],
    ]
    assert [row[0].get_ylabel() for row in axes] == [str(emotion) for emotion in EMOTIONS]


def test_class_counts_are_bars_side_by_side_with_a_legend_for_several_splits(subplots):
    ax = subplots(1, 1)[0, 0]
    names = {"training": GLOSSARY["training"], "public": GLOSSARY["public"]}
    figures.class_counts(ax, {"training": range(7), "public": [1] * 7}, names=names)
    assert [bar.get_height() for bar in ax.patches] == [*range(7), *[1] * 7]
    first, second = ax.patches[0], ax.patches[7]
    assert first.get_x() + first.get_width() == pytest.approx(second.get_x())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "訓練集 training",
        "公開測試集 public test",
    ]


def test_a_single_split_carries_its_numbers_instead_of_a_legend(subplots):
    ax = subplots(1, 1)[0, 0]
    figures.class_counts(ax, {"training": range(7)}, names=GLOSSARY)
    assert ax.get_legend() is None
    assert [text.get_text() for text in ax.texts] == list("0123456")
