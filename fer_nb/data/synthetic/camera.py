"""What the camera and the file do to a picture: exposure, blur, noise, JPEG-like loss, 256 grey levels."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from fer_nb.data.faces import SIZE
from fer_nb.data.synthetic.canvas import Field, Sitting

_LIT = 0.6  # share of the directed light that a face sends back, on average
_MIDDLE_GREY = 0.5
_AUTOMATIC = 0.7  # how far the camera makes up for a dark or a bright face: 0 not at all, 1 fully
_BLOCK = 8
_BLOCKS = SIZE // _BLOCK
# the cosine transform of every block of 8 rows as one matrix (48, 48): its product takes half of dctn's time
_COSINES = np.kron(np.eye(_BLOCKS), dct(np.eye(_BLOCK), axis=0, norm="ortho")).astype(np.float32)
# JPEG quantises high frequencies more coarsely; this plane has the slope of its luminance table (ITU-T T.81)
_order = np.arange(_BLOCK)
_STEPS = np.tile(0.04 + 0.03 * (_order[:, None] + _order), (_BLOCKS, _BLOCKS)).astype(np.float32)


def photograph(picture: Field, sitting: Sitting) -> NDArray[np.uint8]:
    """Return what a camera keeps of pictures (B, 48, 48) of light from 0 to 1, as grey levels uint8."""
    scene = sitting.scene
    # metered on the light of the bare skin, not on the picture: an expression must not change the exposure
    metered = sitting.trait["skin"] * (scene["ambient"] + _LIT * (1.0 - scene["ambient"]))
    metered = metered * (1.0 - 0.25 * scene["hard_shadow"])
    light: Field = picture * (scene["exposure"] * (_MIDDLE_GREY / metered) ** _AUTOMATIC)
    light = (light - 0.5) * scene["contrast"] + 0.5
    light = blur(light, scene["blur"])
    light += scene["noise"] * sitting.fine[:, ::-1]
    light = compress(light, scene["loss"])
    return np.rint(np.clip(light, 0.0, 1.0) * 255.0).astype(np.uint8)


def blur(picture: Field, deviation: Field) -> Field:
    """Return pictures blurred by a Gaussian of a standard deviation (B, 1, 1) each, in pixels."""
    offsets = np.abs(np.arange(SIZE)[:, None] - np.arange(SIZE)[None, :]).astype(np.float32)
    weights = np.exp(-0.5 * (offsets / np.maximum(deviation, 0.05)) ** 2)
    weights /= weights.sum(axis=2, keepdims=True)
    return weights @ picture @ weights.transpose(0, 2, 1)


def compress(picture: Field, loss: Field) -> Field:
    """Return pictures with 8x8 blocks of cosine coefficients rounded, as JPEG does; loss is 0 to 1."""
    steps = np.maximum(loss, 1e-3) * _STEPS
    coefficients = np.rint(_COSINES @ picture @ _COSINES.T / steps) * steps
    return _COSINES.T @ coefficients @ _COSINES
