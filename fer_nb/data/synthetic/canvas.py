"""Pixels in face coordinates, and the few strokes that everything is painted with.

Arrays are float32 (B, 48, 48) for B faces at once; the quantities of a face are (B, 1, 1). Face coordinates
are in half face widths: x to the right, y down, the origin between the eyes and the nose tip. An edge is
softened over about a pixel, which smooths it without drawing at a higher resolution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]

SIZE = 48
_HEAD_RADIUS_X = 1.3  # the cylinder a turned face lies on, in half face widths
_HEAD_RADIUS_Y = 2.0


@dataclass(frozen=True)
class Canvas:
    """B blank pictures, with where each pixel lies.

    Attributes:
        u: Across the head, upright but not turned.
        v: Down the head, likewise.
        x: Across the face, on the turned head.
        y: Down the face, likewise.
        across: Absolute value of x: a part drawn once in it appears on both sides.
        side: -1 on the left of the face's midline, 1 on the right.
        pixel: (B, 1, 1) width of a pixel in face coordinates.
    """

    u: Field
    v: Field
    x: Field
    y: Field
    across: Field
    side: Field
    pixel: Field

    def inside(self, distance: Field, *, softness: float = 1.2) -> Field:
        """Return how much of each pixel lies inside (0 to 1), from the signed distance (negative inside).

        Args:
            distance: In face coordinates.
            softness: Width of the edge in pixels.
        """
        return np.clip(0.5 - distance / (self.pixel * softness), 0.0, 1.0)


def make_canvas(scene: NDArray[np.void]) -> Canvas:
    """Return the canvas of faces in the pose that their scenes (B,) tell."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    scale = column(scene["scale"])
    right = columns - 23.5 - column(scene["shift_x"])
    down = rows - 23.5 - column(scene["shift_y"])
    cosine, sine = np.cos(column(scene["tilt"])), np.sin(column(scene["tilt"]))
    u = (right * cosine + down * sine) / scale
    v = (down * cosine - right * sine) / scale
    x = _turned(u, column(scene["turn"]), _HEAD_RADIUS_X)
    y = _turned(v, column(scene["nod"]), _HEAD_RADIUS_Y)
    return Canvas(u, v, x, y, np.abs(x), np.where(x < 0, np.float32(-1), np.float32(1)), 1.0 / scale)


def _turned(position: Field, angle: Field, radius: float) -> Field:
    """Return where on a cylinder, turned by `angle`, the point lies that is seen at `position`."""
    ratio = np.clip(position / radius, -1.0, 1.0)
    return radius * (ratio * np.cos(angle) - np.sqrt(1.0 - ratio * ratio) * np.sin(angle))


def column(values: NDArray[np.floating]) -> Field:
    """Return values (B,) as float32 (B, 1, 1)."""
    return np.asarray(values, np.float32)[:, None, None]


def paint(picture: Field, tone: Field | float, cover: Field) -> None:
    """Lay `tone` over `picture` in place, where and as much as `cover` (0 to 1) says."""
    picture += cover * (tone - picture)


def shade(picture: Field, amount: Field) -> None:
    """Darken `picture` in place by a share `amount` of each pixel; a negative amount lightens it."""
    picture *= 1.0 - amount


def bump(distance: Field) -> Field:
    """Return a smooth bump: 1 at distance 0, 0 from distance 1 on, in squares so that no root is needed.

    Args:
        distance: Squared distance in units of the bump's radius.
    """
    rest = np.clip(1.0 - distance, 0.0, None)
    return rest * rest


_COARSE = 13
_positions = np.linspace(0, _COARSE - 1.001, SIZE)
_STRETCH = np.clip(1.0 - np.abs(_positions[:, None] - np.arange(_COARSE)), 0.0, None).astype(np.float32)


@dataclass(frozen=True)
class Grain:
    """The random fields of B pictures, standard normal: `fine` a pixel, `coarse` in spots of 4 pixels."""

    fine: Field
    coarse: Field


def make_grain(noise_seeds: NDArray[np.uint64]) -> Grain:
    """Return the random fields of pictures from their seeds (B,): each depends on its own seed alone."""
    draws = np.empty((len(noise_seeds), SIZE * SIZE + _COARSE * _COARSE), np.float32)
    for row, seed in zip(draws, noise_seeds, strict=True):
        np.random.default_rng(int(seed)).standard_normal(dtype=np.float32, out=row)
    fine, coarse = draws[:, : SIZE * SIZE], draws[:, SIZE * SIZE :]
    coarse = _STRETCH @ coarse.reshape(-1, _COARSE, _COARSE) @ _STRETCH.T
    return Grain(fine.reshape(-1, SIZE, SIZE), coarse)
