"""What a kernel that reads the image looks for: the sine wave that drives it most."""

from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.ascent.layers import SIDE, find_layer

Kind = Literal["horizontal", "vertical", "diagonal", "spot", "brightness"]

SLOW = 4  # kernels long: over a wave longer than that the kernel sees one grey level
ORIENTED = 2  # times as strong as the same wave across it: a weaker preference is none


@dataclass(frozen=True)
class Sine:
    """The sine wave that drives a kernel most, among those of whole cycles in 48 pixels.

    Attributes:
        kind: "brightness" where the wave hardly changes over the kernel, "spot" where the same wave across
            it drives the kernel half as much or more, else how its stripes run.
        period: Pixels from stripe to stripe; infinite for one grey level.
        angle: Of the stripes in degrees, 0 horizontal, counterclockwise, below 180.
    """

    kind: Kind
    period: float
    angle: float


def image_kernels(model: keras.Model, which: str | int) -> NDArray[np.float32] | None:
    """Return the weights (F, rows, columns) of a convolution that reads one grey channel, else None.

    The layer is named or numbered as for `find_layer`.

    Raises:
        InputError: As `find_layer` does.
    """
    weights = [np.asarray(part) for part in find_layer(model, which).get_weights()]
    if not weights or weights[0].ndim != 4 or weights[0].shape[2] != 1:
        return None
    return weights[0][:, :, 0].transpose(2, 0, 1)


def best_sine(kernel: NDArray[np.floating]) -> Sine:
    """Return the wave to which a linear filter answers most, from its kernel's Fourier transform.

    Args:
        kernel: (rows, columns).
    """
    answers = np.abs(np.fft.fft2(kernel, (SIDE, SIDE)))
    down, right = np.unravel_index(answers.argmax(), answers.shape)
    by_row, by_column = (np.fft.fftfreq(SIDE)[at] for at in (down, right))
    frequency = float(np.hypot(by_row, by_column))
    period = 1 / frequency if frequency else np.inf
    angle = float(np.degrees(np.arctan2(by_column, by_row)) % 180)
    across = answers[-right % SIDE, down]
    if period > SLOW * max(kernel.shape):
        return Sine("brightness", period, angle)
    if answers[down, right] < ORIENTED * across:
        return Sine("spot", period, angle)
    kinds: tuple[Kind, ...] = ("horizontal", "diagonal", "vertical", "diagonal", "horizontal")
    return Sine(kinds[round(angle / 45)], period, angle)
