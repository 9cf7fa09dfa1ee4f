import keras
import numpy as np
import pytest

from fer_nb.findings.saliency.methods import EDGES, RANDOM, faithfulness, methods_for
from fer_nb.language import Text

RIGHT, WRONG = Text("對", "right"), Text("錯", "wrong")


@pytest.fixture
def network():
    """Class 2 is told by the brightness of the upper left corner alone."""
    weights = np.zeros((48, 48, 7), np.float32)
    weights[:12, :12, 2] = 1e-3
    dense = keras.layers.Dense(7, use_bias=False)
    model = keras.Sequential([keras.Input((48, 48, 1)), keras.layers.Flatten(), dense])
    dense.kernel.assign(weights.reshape(-1, 7))
    return model


@pytest.fixture
def images():
    faces = np.random.default_rng(3).integers(0, 100, (4, 48, 48)).astype(np.uint8)
    faces[:, :12, :12] = 255
    return faces


def test_a_map_of_what_counts_is_faithful_and_its_opposite_is_not(network, images):
    corner = np.zeros((4, 48, 48), bool)
    corner[:, :12, :12] = True
    maps = {RIGHT: corner.astype(np.float32), WRONG: 1 - corner.astype(np.float32)}
    flat = {RIGHT: np.ones_like(maps[RIGHT]), WRONG: maps[WRONG]}
    inside = corner.copy()
    inside[0] = False  # a face of which no part is known to have moved
    found = faithfulness(network, images, np.full(4, 2), maps, untrained=[flat], inside=inside, seed=1)
    assert set(found) == {RIGHT, WRONG, EDGES, RANDOM}
    assert found[RIGHT].insertion_deletion > abs(found[RANDOM].insertion_deletion)
    assert found[WRONG].insertion_deletion < 0
    assert (found[RIGHT].mass, found[RIGHT].pointing) == (1, 1) and found[WRONG].mass == 0
    assert found[RIGHT].untrained_mass == pytest.approx(1 / 16)
    assert found[RIGHT].randomization == 0 and found[WRONG].randomization == pytest.approx(1)
    assert found[EDGES].randomization is None and found[EDGES].untrained_mass is None


def test_where_nobody_knows_the_regions_none_is_measured(network, images):
    maps = {RIGHT: images.astype(np.float32)}
    found = faithfulness(network, images, np.full(4, 2), maps, untrained=[maps], inside=None, seed=1)
    assert found[RIGHT].mass is None and found[RIGHT].pointing is None


def test_layercam_is_left_out_where_no_layer_has_maps(network, images):
    options = {"baseline": images.mean(axis=0), "samples": 2, "masks": 20, "seed": 1}
    used = methods_for(network, layer="", **options)
    assert "LayerCAM" not in {name.en for name in used}
    assert "LayerCAM" in {name.en for name in methods_for(network, layer="conv1", **options)}
