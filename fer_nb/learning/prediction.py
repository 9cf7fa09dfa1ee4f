"""Logits of a network, in batches of one fixed size."""

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS
from fer_nb.learning.precision import use_xla

BATCH_SIZE = 256


def predict_logits(
    network: keras.Model, images: NDArray[np.uint8], *, batch_size: int = BATCH_SIZE
) -> NDArray[np.float32]:
    """Return the logits of every image, float32 (N, 7).

    The last batch is filled up, so that the network sees one shape only and its graph is made once.

    Args:
        network: Raw grey levels (batch, 48, 48, 1) to logits (batch, 7).
        images: uint8 (N, 48, 48), grey levels 0 to 255.
        batch_size: Images at a time; bounds the memory.

    Raises:
        InputError: The network puts out a number that is not finite.
    """
    if not getattr(network, "compiled", False):
        network.compile(jit_compile=use_xla())
    logits = np.empty((len(images), len(EMOTIONS)), np.float32)
    batch = np.zeros((min(batch_size, max(len(images), 1)), *images.shape[1:], 1), np.float32)
    for start in range(0, len(images), len(batch)):
        part = images[start : start + len(batch)]
        batch[: len(part), ..., 0] = part
        logits[start : start + len(part)] = network.predict_on_batch(batch)[: len(part)]
    if not np.isfinite(logits).all():
        row = int(np.argmin(np.isfinite(logits).all(axis=1)))
        raise InputError(
            f"network {network.name!r}: expected finite logits, "
            f"found {', '.join(f'{value:g}' for value in logits[row])} at row {row}"
        )
    return logits
