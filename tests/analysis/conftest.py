import numpy as np
import pytest


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
