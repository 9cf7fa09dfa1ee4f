"""Answer files: which rows are asked about, how long it takes, and `id,label` as the homework wants it."""

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import Faces
from fer_nb.files import written_whole
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.prediction.ensemble import Member
from fer_nb.learning.prediction.test_time_augmentation import VIEWS


def faces_to_answer(faces: Faces) -> tuple[Faces, NDArray[np.int64]]:
    """Return the faces that an answer file is about, in their order, and their ids.

    These are the rows without a label, by their own ids, where there are any; else the labelled test rows,
    else all rows, numbered from 0.
    """
    for usages in (("unlabelled",), ("PublicTest", "PrivateTest")):
        asked = faces.of(*usages)
        if len(asked):
            return asked, asked.ids if usages == ("unlabelled",) else np.arange(len(asked))
    return faces, np.arange(len(faces))


def write_answers(path: Path, ids: NDArray[np.int64], classes: NDArray[np.int64]) -> None:
    """Write the header `id,label` and a row an image, LF line ends; whole or not at all.

    Raises:
        InputError: The file cannot be written.
    """
    rows = "".join(f"{number},{label}\n" for number, label in zip(ids, classes, strict=True))
    with written_whole(path) as temporary:
        temporary.write_bytes(f"id,label\n{rows}".encode())


def estimate_seconds(
    ensemble: Iterable[Member],
    images: NDArray[np.uint8],
    *,
    tta: str = "none",
    count: int,
    batch: int = 32,
) -> float:
    """Return how long it takes to answer `count` images, from the first batch of them on this machine.

    Args:
        ensemble: The networks.
        images: At least one; uint8 (N, 48, 48).
        tta: A name in VIEWS.
        count: Images to answer.
        batch: How many are tried; each twice, for the first time makes the graph.
    """
    seconds = 0.0
    sample = np.resize(images, (batch, *images.shape[1:]))
    for member in ensemble:
        started = time.perf_counter()
        network = member.network()
        predict_logits(network, sample, batch_size=batch)
        ready = time.perf_counter()
        predict_logits(network, sample, batch_size=batch)
        seconds += ready - started + VIEWS[tta] * count / batch * (time.perf_counter() - ready)
    return seconds
