import numpy as np
import pytest

from fer_nb.analysis.evaluation import Predictions
from fer_nb.data.faces import USAGES, Faces, numbered


@pytest.fixture
def report_d():
    """Report D's matrix on the 28,709 training images: rows true, columns predicted, angry to neutral."""
    return np.array(
        [
            [2569, 7, 172, 244, 194, 102, 707],
            [158, 177, 19, 19, 29, 10, 24],
            [594, 4, 1498, 256, 468, 608, 669],
            [58, 0, 26, 6686, 31, 113, 301],
            [477, 2, 364, 322, 2051, 65, 1549],
            [63, 1, 116, 177, 17, 2685, 112],
            [156, 0, 67, 381, 219, 76, 4066],
        ]
    )


@pytest.fixture
def make_faces():
    """Makes faces of the given labels by usage, every image another one."""

    def make(**labels):
        usage = np.concatenate(
            [np.full(len(values), USAGES.index(name), np.uint8) for name, values in labels.items()]
        )
        images = np.zeros((len(usage), 48, 48), np.uint8)
        images[:, 0, 0] = np.arange(len(usage)) + 1
        known = np.concatenate([np.array(values, np.int8) for values in labels.values()])
        return Faces(images, known, usage, numbered(usage), source="made up")

    return make


@pytest.fixture
def make_answers():
    """Makes answers from pairs of a true and a predicted class, with faces or without."""

    def make(*pairs, with_images=True, sure=5.0):
        labels = np.array([true for true, _ in pairs])
        logits = np.zeros((len(pairs), 7))
        logits[np.arange(len(pairs)), labels] = 1.0
        logits[np.arange(len(pairs)), [guess for _, guess in pairs]] = sure
        images = np.zeros((len(pairs), 48, 48), np.uint8) if with_images else None
        return Predictions(logits, labels, images, np.zeros(len(pairs), bool) if with_images else None)

    return make
