import gc
import weakref

import numpy as np
import pytest
from gradient_checks import CHECKS, small_network

from fer_nb.analysis.autodiff import ModelScore, value_and_grad


@pytest.mark.parametrize("name", CHECKS)
def test_values_and_gradients_hold_on_tensorflow(name):
    CHECKS[name]()


def test_what_was_compiled_dies_with_its_score():
    score = ModelScore(small_network(), lambda answer: answer[:, 0])
    value_and_grad(score, np.ones((1, 6, 6, 1)))
    gone = weakref.ref(score)
    del score
    gc.collect()
    assert gone() is None
