"""Photographs of people: opened upright, faces found in them and cut out as FER2013's are.

Faces are found by MTCNN (Zhang et al., Joint Face Detection and Alignment Using Multitask Cascaded
Convolutional Networks, 2016, arXiv 1604.02878), whose weights come with the package `mtcnn`.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fer_nb.data.faces import SIZE
from fer_nb.data.formats.images import FORMATS, IMAGE_SUFFIXES
from fer_nb.errors import InputError

Detector = Callable[[NDArray[np.uint8]], Sequence[dict[str, Any]]]
"""Takes a picture, returns faces, each with its "confidence" and its "keypoints"."""

SEARCHED = 640  # pixels of a side of what is searched; a face of 20 of them is found
FOUND = 0.9  # confidence from which on it is a face: a raccoon's reaches 0.84
SURE = 0.99  # confidence that a face lying on its side never reached
SAMPLES = 8  # along a side of a pixel of the cut, at most, whose mean is its grey level

KEYPOINTS = {
    "left_eye": 0.315 + 0.386j,
    "right_eye": 0.685 + 0.386j,
    "nose": 0.5 + 0.59j,
    "mouth_left": 0.35 + 0.776j,
    "mouth_right": 0.65 + 0.776j,
}
"""Where MTCNN finds them in FER2013's images, x + yj in sides of the image: medians of 196 training images,
made symmetric; two thirds of the images lie within 0.07 of them."""


@dataclass(frozen=True)
class Square:
    """Where a face lies in a picture, in the picture's pixels.

    Attributes:
        x: Of its centre, from the left.
        y: Of its centre, from the top.
        side: Length of a side.
        tilt: Degrees by which it is turned clockwise; 0 upright.
        confidence: Of the detector, 0 to 1; None where the square was given by hand.
    """

    x: float
    y: float
    side: float
    tilt: float = 0.0
    confidence: float | None = None

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> "Square":
        """Return the upright square with the centre of a box and its longer side."""
        return cls(x + width / 2, y + height / 2, max(width, height))

    def corners(self) -> NDArray[np.complex128]:
        """Return the corners x + yj, (4,), clockwise from the upper left of the face."""
        across = self.side * np.exp(1j * np.radians(self.tilt))
        return self.x + 1j * self.y + across * np.array([-0.5 - 0.5j, 0.5 - 0.5j, 0.5 + 0.5j, -0.5 + 0.5j])


def photograph_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are named, and for a folder the images in it, by name.

    Raises:
        InputError: A folder without images.
    """
    files = []
    for path in paths:
        found = [path]
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix.lower() in IMAGE_SUFFIXES)
        if not found:
            raise InputError.expected(path, f"images ({', '.join(IMAGE_SUFFIXES)})", "none")
        files += found
    return files


def open_photograph(file: Any, *, where: object = "") -> NDArray[np.uint8]:
    """Return a picture of any size and colour, upright as its EXIF data tell, uint8 (H, W, 3).

    What is transparent becomes white, and of an animation the first picture is taken.

    Args:
        file: A path, or an open binary file.
        where: What an error begins with; the path by default.

    Raises:
        InputError: It cannot be read, or is no picture.
    """
    where = where or file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF data, as phones write them
            with Image.open(file, formats=FORMATS) as opened:
                upright = ImageOps.exif_transpose(opened)
                if upright.mode[0] in "IF":  # 16 bits or more
                    levels = np.asarray(upright, np.float64)
                    upright = Image.fromarray((255 * levels / max(levels.max(), 1)).clip(0).astype(np.uint8))
                ground = Image.new("RGBA", upright.size, "white")
                return np.asarray(Image.alpha_composite(ground, upright.convert("RGBA")).convert("RGB"))
    except OSError as error:
        if error.errno:
            raise InputError.unreadable(where, error) from None
        found = "a file that does not decode"
    except Exception as error:  # Pillow raises whatever the content provokes
        found = f"one that does not decode ({type(error).__name__})"
    raise InputError.expected(where, f"a picture ({', '.join(FORMATS)})", found)


def find_faces(picture: NDArray[np.uint8], detect: Detector | None = None) -> list[Square]:
    """Return the squares that hold the faces of a picture as FER2013's images hold theirs, largest first.

    The picture is brightened; where no face is sure, it is searched lying on its sides and head down as well,
    and the way up that has the surest face is taken.

    Args:
        picture: uint8 (H, W, 3).
        detect: Finds faces that stand upright; MTCNN by default.

    Raises:
        InputError: The detector is not installed.
    """
    detect = detect or _mtcnn()
    brightened = ImageOps.autocontrast(Image.fromarray(picture))
    searched = np.asarray(ImageOps.pad(brightened, (SEARCHED, SEARCHED), centering=(0, 0)))
    scale = max(picture.shape) / SEARCHED
    squares: list[Square] = []
    surest = 0.0
    for quarter, corner in enumerate((0, 1, 1 + 1j, 1j)):  # where a turned picture's first pixel came from
        seen = detect(np.ascontiguousarray(np.rot90(searched, quarter)))
        seen = [face for face in seen if face["confidence"] >= FOUND]
        confidence = max((face["confidence"] for face in seen), default=0.0)
        if confidence > surest:
            surest, turn, offset = confidence, scale * 1j**quarter, scale * corner * (SEARCHED - 1)
            squares = [_square(face, turn=turn, offset=offset) for face in seen]
        if surest >= SURE:
            break
    return sorted(squares, key=lambda square: square.side, reverse=True)


def cut(picture: NDArray[np.uint8], square: Square) -> NDArray[np.uint8]:
    """Return a square of a picture as a network sees it: grey levels, upright, uint8 (48, 48).

    Beyond the picture's border its border pixels go on.

    Args:
        picture: uint8 (H, W, 3).
        square: Where the face lies.
    """
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    samples = min(ceil(square.side / SIZE), SAMPLES)
    steps = (np.arange(SIZE * samples) + 0.5) / (SIZE * samples)
    first, second, _, last = square.corners()
    points = first + (second - first) * steps + (last - first) * steps[:, None] - (0.5 + 0.5j)
    levels = scipy.ndimage.map_coordinates(
        grey, [points.imag, points.real], output=np.float64, order=1, mode="nearest"
    )
    return levels.reshape(SIZE, samples, SIZE, samples).mean(axis=(1, 3)).round().astype(np.uint8)


def smaller(picture: NDArray[np.uint8], square: Square) -> tuple[NDArray[np.uint8], Square]:
    """Return a picture of at most SEARCHED pixels a side, and where a square of it lies there."""
    small = Image.fromarray(picture)
    small.thumbnail((SEARCHED, SEARCHED))
    scale = small.width / picture.shape[1]
    placed = replace(square, x=scale * square.x, y=scale * square.y, side=scale * square.side)
    return np.asarray(small), placed


def _square(face: dict[str, Any], *, turn: complex, offset: complex) -> Square:
    """Return the square on which a face's key points lie nearest to their places in FER2013's images.

    Args:
        face: With its "confidence" and its "keypoints", (x, y) each.
        turn: What x + yj is multiplied by, to come from where it was found to the photograph.
        offset: What is added then.
    """
    wanted = np.array([*KEYPOINTS.values()])
    points = [complex(*map(float, face["keypoints"][name])) for name in KEYPOINTS]
    found = turn * np.array(points) + offset
    away = wanted - wanted.mean()
    across = (away.conj() * found).sum() / (away.conj() * away).sum()  # least squares, turned and scaled
    centre = found.mean() + across * (0.5 + 0.5j - wanted.mean())
    tilt = float(np.degrees(np.angle(across)))
    return Square(float(centre.real), float(centre.imag), float(abs(across)), tilt, float(face["confidence"]))


@cache
def _mtcnn() -> Detector:
    try:
        from mtcnn import MTCNN
    except ImportError:
        wanted = "the package mtcnn (`pip install mtcnn` adds it)"
        raise InputError.expected("finding faces", wanted, "none") from None
    return MTCNN().detect_faces
