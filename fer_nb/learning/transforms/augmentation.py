"""Augmentation on the training device: one affine resampling an image, then grey levels, then erasing.

Written on `keras.ops`, so it runs inside the compiled graph of either backend.
"""

import math
from typing import Any

import keras
from keras import ops

from fer_nb.learning.transforms.settings import AugmentationSettings

# One uniform number an image for each of these, always all of them and in this order: switching one range off
# leaves every other draw as it was, so variants of an experiment differ in what they are meant to.
DRAWS = (
    "rotation", "shift_x", "shift_y", "shear", "zoom_x", "zoom_y", "flip", "crop_x", "crop_y", "brightness",
    "contrast", "erase", "erase_area", "erase_ratio", "erase_x", "erase_y",
)  # fmt: skip
_ERASE_RATIO = 3.3  # of the sides, and its reciprocal (arXiv 1708.04896)


class Augmentation(keras.layers.Layer):
    """Layer that augments every image it is given; for the training loop, not for a model that is saved.

    All its randomness is the state of `seed_generator`, a variable of the layer: who saves and restores that
    variable continues the same sequence of draws.
    """

    def __init__(self, settings: AugmentationSettings, *, seed: int, **kwargs: Any) -> None:
        """Take the settings and the seed, a non-negative integer, of the sequence of draws."""
        super().__init__(**{"dtype": "float32", "name": "augmentation", **kwargs})
        self.settings = settings
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, images: Any) -> Any:
        """Return `augment` of the images."""
        return augment(images, self.settings, self.seed_generator)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape of the images, which stays as it is."""
        return input_shape


def augment(images: Any, settings: AugmentationSettings, seed_generator: keras.random.SeedGenerator) -> Any:
    """Augment each image by draws of its own.

    The order is flip, zoom, shear, rotation and shift about the image's centre, all in one bilinear
    resampling; then contrast about the image's mean, brightness, clipping to 0 to 255; then erasing. A step
    whose range is zero is not in the graph, so settings without any range return the images bit for bit.

    Args:
        images: Grey levels 0 to 255, (batch, height, width, 1), any number type.
        settings: The ranges.
        seed_generator: Drawn from once, whatever the settings.

    Returns:
        Float32 images of the same shape, grey levels 0 to 255 but for rounding.
    """
    images = ops.cast(images, "float32")
    height, width = images.shape[1:3]
    uniform = keras.random.uniform((ops.shape(images)[0], len(DRAWS)), seed=seed_generator)
    draws = {name: uniform[:, column] for column, name in enumerate(DRAWS)}
    if settings.resamples:
        images = ops.image.affine_transform(
            images,
            _affine(settings, draws, height, width),
            fill_mode=settings.fill,
            fill_value=settings.fill_value,
            data_format="channels_last",
        )
    if settings.contrast or settings.brightness:
        images = _jitter(images, settings, draws)
    if settings.erase:
        images = _erase(images, settings, draws, height, width)
    return images


def mixup(
    images: Any, targets: Any, alpha: float, seed_generator: keras.random.SeedGenerator
) -> tuple[Any, Any]:
    """Blend each image and its target with the next one of the batch, the last with the first.

    One share for the whole batch is drawn from Beta(alpha, alpha). The batch is taken to be shuffled already.

    Args:
        images: (batch, height, width, 1), floating point.
        targets: Class probabilities (batch, classes), floating point.
        alpha: Above 0; 1 draws every share alike, small values leave most batches almost unblended.
        seed_generator: Drawn from once.

    Returns:
        The blended images and targets, shapes as they were.

    Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization", arXiv 1710.09412.
    """
    share = keras.random.beta((), alpha, alpha, seed=seed_generator)

    def blend(values: Any) -> Any:
        weight = ops.cast(share, values.dtype)
        return weight * values + (1 - weight) * ops.roll(values, 1, axis=0)

    return blend(images), blend(targets)


def _symmetric(draw: Any, limit: float) -> Any:
    """Map a uniform draw from [0, 1) to [-limit, limit)."""
    return (2 * draw - 1) * limit


def _affine(settings: AugmentationSettings, draws: dict[str, Any], height: int, width: int) -> Any:
    """Return (batch, 8): for each image the map from output to input pixels that `affine_transform` takes.

    The way from input to output is flip, zoom, shear, rotate, shift about the centre; this is its inverse,
    multiplied out by hand, which takes a few operations on vectors instead of a chain of small matrices.
    """
    angle = _symmetric(draws["rotation"], math.radians(settings.rotation))
    cosine, sine = ops.cos(angle), ops.sin(angle)
    slope = ops.tan(_symmetric(draws["shear"], math.radians(settings.shear)))
    low, high = settings.zoom
    zoom_x = low + (high - low) * draws["zoom_x"]
    zoom_y = low + (high - low) * draws["zoom_y"] if settings.zoom_each_axis else zoom_x
    mirror = ops.where(draws["flip"] < settings.flip, -1.0, 1.0)
    shift_x = _symmetric(draws["shift_x"], settings.shift * width) + _whole_pixels(draws["crop_x"], settings)
    shift_y = _symmetric(draws["shift_y"], settings.shift * height) + _whole_pixels(draws["crop_y"], settings)

    # (x, y) of the input = linear part @ ((x, y) of the output - centre - shift) + centre
    xx = mirror * (cosine + slope * sine) / zoom_x
    xy = mirror * (sine - slope * cosine) / zoom_x
    yx = -sine / zoom_y
    yy = cosine / zoom_y
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    from_x, from_y = centre_x + shift_x, centre_y + shift_y
    offset_x = centre_x - (xx * from_x + xy * from_y)
    offset_y = centre_y - (yx * from_x + yy * from_y)
    zero = ops.zeros_like(xx)
    return ops.stack([xx, xy, offset_x, yx, yy, offset_y, zero, zero], axis=1)


def _whole_pixels(draw: Any, settings: AugmentationSettings) -> Any:
    """Map a uniform draw to a whole number from -crop_shift to crop_shift, all alike."""
    return ops.floor(draw * (2 * settings.crop_shift + 1)) - settings.crop_shift


def _jitter(images: Any, settings: AugmentationSettings, draws: dict[str, Any]) -> Any:
    """Change contrast about each image's mean, then brightness, and clip."""
    contrast = 1 + _symmetric(draws["contrast"], settings.contrast)[:, None, None, None]
    brightness = _symmetric(draws["brightness"], settings.brightness * 255)[:, None, None, None]
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return ops.clip((images - mean) * contrast + (mean + brightness), 0, 255)


def _erase(
    images: Any, settings: AugmentationSettings, draws: dict[str, Any], height: int, width: int
) -> Any:
    """Fill a rectangle of some of the images with the image's mean grey level."""
    low, high = settings.erase_area
    area = (low + (high - low) * draws["erase_area"]) * height * width
    ratio = ops.exp(_symmetric(draws["erase_ratio"], math.log(_ERASE_RATIO)))
    tall = ops.clip(ops.round(ops.sqrt(area * ratio)), 1, height)
    wide = ops.clip(ops.round(ops.sqrt(area / ratio)), 1, width)
    top = ops.floor(draws["erase_y"] * (height - tall + 1))
    left = ops.floor(draws["erase_x"] * (width - wide + 1))
    rows = ops.arange(height, dtype="float32")[None, :] - top[:, None]
    columns = ops.arange(width, dtype="float32")[None, :] - left[:, None]
    in_rows = (rows >= 0) & (rows < tall[:, None])
    in_columns = (columns >= 0) & (columns < wide[:, None]) & (draws["erase"] < settings.erase)[:, None]
    erased = (in_rows[:, :, None] & in_columns[:, None, :])[..., None]
    return ops.where(erased, ops.mean(images, axis=(1, 2, 3), keepdims=True), images)
