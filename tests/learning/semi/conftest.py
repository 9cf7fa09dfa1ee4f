import numpy as np
import pytest

from fer_nb.data.faces import Faces, numbered


@pytest.fixture(scope="module")
def sorted_faces():
    """140 Training faces sorted by class as folders are, 14 of each test split, 5 that never had a label."""
    generator = np.random.default_rng(0)
    usage = np.repeat(np.array([0, 1, 2, 3], np.uint8), [140, 14, 14, 5])
    labels = np.concatenate([np.repeat(np.arange(7), 20), np.arange(28) % 7, [-1] * 5]).astype(np.int8)
    images = generator.integers(0, 256, (len(usage), 48, 48)).astype(np.uint8)
    return Faces(images, labels, usage, numbered(usage), "sorted faces")
