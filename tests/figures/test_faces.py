import matplotlib.pyplot as plt
import numpy as np
import pytest

from fer_nb.figures import faces as figures


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
