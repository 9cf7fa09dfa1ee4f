"""Logits of a network, in batches of one fixed size."""

from collections.abc import Callable

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS
from fer_nb.learning.precision import use_xla

BATCH_SIZE = 256


def predict_logits(
    network: keras.Model,
    images: NDArray[np.uint8],
    *,
    batch_size: int = BATCH_SIZE,
    advance: Callable[[int], object] | None = None,
) -> NDArray[np.floating]:
    """Return the logits of every image, (N, 7); float32, of a float64 network float64.

    The last batch is filled up, so that the network sees one shape only and its graph is made once.

    Args:
        network: Raw grey levels (batch, 48, 48, 1) to logits (batch, 7).
        images: uint8 (N, 48, 48), grey levels 0 to 255.
        batch_size: Images at a time; bounds the memory.
        advance: Called with the number of images after each batch.

    Raises:
        InputError: The network puts out a number that is not finite.
    """
    if not getattr(network, "compiled", False):
        network.compile(jit_compile=use_xla())
    dtype = np.float64 if network.inputs[0].dtype == "float64" else np.float32
    logits = np.empty((len(images), len(EMOTIONS)), dtype)
    batch = np.zeros((min(batch_size, max(len(images), 1)), *images.shape[1:], 1), dtype)
    for start in range(0, len(images), len(batch)):
        part = images[start : start + len(batch)]
        batch[: len(part), ..., 0] = part
        logits[start : start + len(part)] = network.predict_on_batch(batch)[: len(part)]
        if advance:
            advance(len(part))
    if not np.isfinite(logits).all():
        row = int(np.argmin(np.isfinite(logits).all(axis=1)))
        found = f"{', '.join(f'{value:g}' for value in logits[row])} at row {row}"
        raise InputError.expected(f"network {network.name!r}", "finite logits", found)
    return logits
