"""Pixels in face coordinates, and the few strokes that everything is painted with.

Arrays are float32 (B, 48, 48) for B faces at once; the quantities of a face are (B, 1, 1). Face coordinates
are in half face widths: x to the right, y down, the origin between the eyes and the nose tip. An edge is
softened over about a pixel, which smooths it without drawing at a higher resolution.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import SIZE

Field = NDArray[np.floating[Any]]
"""float32 (B, 48, 48), a value a pixel, or (B, 1, 1), a value a face."""

_CENTRE = (SIZE - 1) / 2
_HEAD_RADIUS_X = 1.3  # the cylinder that a turned face lies on, in half face widths
_HEAD_RADIUS_Y = 2.0


@dataclass(frozen=True)
class Sitting:
    """B people posed before the camera: where each pixel lies on their heads, and what is random there.

    Attributes:
        trait: What is known of the people, name -> (B, 1, 1).
        scene: What is known of the pictures, name -> (B, 1, 1).
        pixel: Width of a pixel in face coordinates, (B, 1, 1).
        u: Across the head, upright but not turned.
        v: Down the head, likewise.
        x: Across the face, on the turned head.
        y: Down the face, likewise.
        across: Absolute value of x: a part drawn once in it appears on both sides.
        side: -1 on the left of the face's midline, 1 on the right.
        fine: Standard normal grain, a pixel wide.
        coarse: The same in spots of 4 pixels.
        broad: The same in spots of 12 pixels.
        strands: The same in streaks downwards.
    """

    trait: Mapping[str, Field]
    scene: Mapping[str, Field]
    pixel: Field
    u: Field
    v: Field
    x: Field
    y: Field
    across: Field
    side: Field
    fine: Field
    coarse: Field
    broad: Field
    strands: Field

    def inside(self, distance: Field, *, softness: float = 1.2) -> Field:
        """Return how much of each pixel lies inside (0 to 1), from the signed distance (negative inside).

        Args:
            distance: In face coordinates.
            softness: Width of the edge in pixels.
        """
        cover = distance * (-1.0 / (softness * self.pixel))
        cover += 0.5
        return np.clip(cover, 0.0, 1.0, out=cover)

    def window(self, picture: Field, *, across: float, top: float, bottom: float) -> tuple["Sitting", Field]:
        """Return the sitting and the picture cut to the pixels that a part can touch, so that it costs less.

        Args:
            picture: (B, 48, 48); what comes back is a view of it.
            across: The part lies within this distance of the face's midline.
            top: It lies below this y.
            bottom: It lies above this y.
        """
        x = np.array([-across, across, -across, across], np.float32)
        y = np.array([top, top, bottom, bottom], np.float32)
        u = _turned(x, -self.scene["turn"], _HEAD_RADIUS_X)  # turned back: where it is seen
        v = _turned(y, -self.scene["nod"], _HEAD_RADIUS_Y)
        cosine, sine = np.cos(self.scene["tilt"]), np.sin(self.scene["tilt"])
        columns = _span((u * cosine - v * sine) * self.scene["scale"] + self.scene["shift_x"])
        rows = _span((u * sine + v * cosine) * self.scene["scale"] + self.scene["shift_y"])
        per_pixel = [field.name for field in fields(self)[3:]]
        cut = {name: getattr(self, name)[:, rows, columns] for name in per_pixel}
        return replace(self, **cut), picture[:, rows, columns]


def _span(offsets: Field) -> slice:
    """Return the pixels, with one more on either side, that cover distances from the picture's centre."""
    low, high = float(offsets.min()) + _CENTRE, float(offsets.max()) + _CENTRE
    return slice(max(int(low) - 1, 0), max(min(int(high) + 3, SIZE), 0))


def column(values: NDArray[Any]) -> Field:
    """Return values (B,) as float32 (B, 1, 1)."""
    return np.asarray(values, np.float32)[:, None, None]


def columns(records: NDArray[np.void]) -> dict[str, Field]:
    """Return a structured array (B,) as name -> float32 (B, 1, 1)."""
    return {name: column(records[name]) for name in records.dtype.names or ()}


def sit(identity: NDArray[np.void], scene: NDArray[np.void], noise_seeds: NDArray[np.uint64]) -> Sitting:
    """Return the sitting of B people in the poses that their scenes tell."""
    rows, places = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    setting = columns(scene)
    right = places - _CENTRE - setting["shift_x"]
    down = rows - _CENTRE - setting["shift_y"]
    cosine, sine = np.cos(setting["tilt"]), np.sin(setting["tilt"])
    u = (right * cosine + down * sine) / setting["scale"]
    v = (down * cosine - right * sine) / setting["scale"]
    x = _turned(u, setting["turn"], _HEAD_RADIUS_X)
    y = _turned(v, setting["nod"], _HEAD_RADIUS_Y)
    trait, pixel, side = columns(identity), 1.0 / setting["scale"], np.copysign(np.float32(1), x)
    return Sitting(trait, setting, pixel, u, v, x, y, np.abs(x), side, **_grain(noise_seeds))


def _turned(position: Field, angle: Field, radius: float) -> Field:
    """Return where on a cylinder, turned by `angle`, the point lies that is seen at `position`."""
    ratio = np.clip(position / radius, -1.0, 1.0)
    return radius * (ratio * np.cos(angle) - np.sqrt(1.0 - ratio * ratio) * np.sin(angle))


def _stretch(count: int) -> NDArray[np.float32]:
    """Return the matrix (48, count) that interpolates `count` values linearly over 48 pixels."""
    positions = np.linspace(0.0, count - 1.0, SIZE)[:, None]
    return np.clip(1.0 - np.abs(positions - np.arange(count)), 0.0, None).astype(np.float32)


_COARSE, _BROAD, _LONG = _stretch(13), _stretch(5), _stretch(9)


def _grain(noise_seeds: NDArray[np.uint64]) -> dict[str, Field]:
    """Return the random fields of pictures from their seeds (B,): each picture's from its own seed alone."""
    shapes = {"fine": (SIZE, SIZE), "coarse": (13, 13), "broad": (5, 5), "strands": (9, SIZE)}
    sizes = [rows * across for rows, across in shapes.values()]
    generators = [np.random.default_rng(int(seed)) for seed in noise_seeds]
    draws = np.stack([generator.standard_normal(sum(sizes), np.float32) for generator in generators])
    pieces = np.split(draws, np.cumsum(sizes)[:-1], axis=1)
    grain: dict[str, Field] = {
        name: piece.reshape(-1, *shape) for (name, shape), piece in zip(shapes.items(), pieces, strict=True)
    }
    grain["coarse"] = _COARSE @ grain["coarse"] @ _COARSE.T
    grain["broad"] = _BROAD @ grain["broad"] @ _BROAD.T
    grain["strands"] = _LONG @ grain["strands"]
    return grain


def paint(picture: Field, tone: Field | float, cover: Field) -> None:
    """Lay `tone` over `picture` in place, where and as much as `cover` (0 to 1) says."""
    change = tone - picture
    change *= cover
    picture += change


def shade(picture: Field, amount: Field) -> None:
    """Darken `picture` in place by a share `amount` of each pixel; a negative amount lightens it."""
    picture *= 1.0 - amount


def bump(squared_distance: Field) -> Field:
    """Return a smooth bump: 1 at distance 0, 0 from distance 1 on.

    Args:
        squared_distance: In units of the bump's radius; squared, so that no root is needed.
    """
    rest = 1.0 - squared_distance
    np.clip(rest, 0.0, 1.0, out=rest)
    rest *= rest
    return rest
