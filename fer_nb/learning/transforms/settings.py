"""Augmentation settings: plain records, and the presets of the five reports. Imports no Keras."""

import math
from dataclasses import dataclass, replace

from fer_nb.errors import InputError, unknown_name

FILLS = ("nearest", "constant")
PARTS = ("flip", "shift", "rotation", "shear", "zoom", "crop_shift", "brightness", "contrast", "erase")
"""What an augmentation is made of: the settings that are something by themselves."""


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"augmentation {name}: expected {low:g} to {high:g}, found {value}")


def _interval(name: str, value: tuple[float, float], low: float, high: float) -> None:
    if len(value) != 2 or not low <= value[0] <= value[1] <= high:
        raise InputError(
            f"augmentation {name}: expected (smallest, largest) within {low:g} to {high:g}, "
            f"found {tuple(value)}"
        )


@dataclass(frozen=True)
class AugmentationSettings:
    """What may happen to a training image; every quantity is drawn uniformly and anew for each image.

    Attributes:
        rotation: Largest rotation to either side, degrees, 0 to 180.
        shift: Largest shift along each axis, share of the side, 0 to 1.
        shear: Largest horizontal shear to either side, degrees, 0 to below 90.
        zoom: Smallest and largest magnification; (0.8, 1.2) is up to 20% smaller or larger.
        zoom_each_axis: Whether width and height are magnified independently.
        flip: Probability of a horizontal flip.
        crop_shift: Largest shift along each axis in whole pixels, 0 to 24: before a centre crop of side
            48 - 2k, a shift of up to k pixels makes it a random crop.
        fill: What pixels from beyond the border are: "nearest" border pixel, or the "constant" `fill_value`.
        fill_value: Grey level 0 to 255.
        brightness: Largest addition to the grey levels to either side, share of 255, 0 to 1.
        contrast: Largest relative change of the deviations from the image's mean, 0 to 1.
        erase: Probability that one rectangle is filled with the image's mean grey level (random erasing,
            arXiv 1708.04896); its sides' ratio is drawn from 0.3 to 3.3, evenly on a logarithmic scale.
        erase_area: Smallest and largest share of the image that is erased, before rounding to whole pixels.
        balance_classes: Whether rare classes get more augmented images until all are even. It decides only
            which images the training loop takes; the transform itself does not read it.
    """

    rotation: float = 0.0
    shift: float = 0.0
    shear: float = 0.0
    zoom: tuple[float, float] = (1.0, 1.0)
    zoom_each_axis: bool = False
    flip: float = 0.0
    crop_shift: int = 0
    fill: str = "nearest"
    fill_value: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    erase: float = 0.0
    erase_area: tuple[float, float] = (0.02, 0.33)
    balance_classes: bool = False

    def __post_init__(self) -> None:
        _within("rotation", self.rotation, 0, 180)
        _within("shift", self.shift, 0, 1)
        _within("shear", self.shear, 0, 89)
        _interval("zoom", self.zoom, 0.1, 10)
        _within("flip", self.flip, 0, 1)
        _within("crop_shift", self.crop_shift, 0, 24)
        if self.crop_shift != int(self.crop_shift):
            raise InputError(f"augmentation crop_shift: expected whole pixels, found {self.crop_shift}")
        if self.fill not in FILLS:
            raise unknown_name("augmentation fill", self.fill, FILLS)
        _within("fill_value", self.fill_value, 0, 255)
        _within("brightness", self.brightness, 0, 1)
        _within("contrast", self.contrast, 0, 1)
        _within("erase", self.erase, 0, 1)
        _interval("erase_area", self.erase_area, 0.001, 1)

    @property
    def resamples(self) -> bool:
        """Whether any setting moves pixels."""
        return bool(
            self.rotation
            or self.shift
            or self.shear
            or self.flip
            or self.crop_shift
            or tuple(self.zoom) != (1.0, 1.0)
        )

    def scaled(self, strength: float) -> "AugmentationSettings":
        """Return the settings with every range multiplied by `strength`: 0 is none, 1 is as they are.

        The probabilities of flip and erasing shrink below strength 1 and stay as they are above it: an
        image that is always flipped is not a stronger augmentation. Class-balancing stays, but for 0.

        Raises:
            InputError: A negative strength, or one that takes a range out of its bounds.
        """
        if not (math.isfinite(strength) and strength >= 0):
            raise InputError(f"augmentation strength: expected a number of at least 0, found {strength}")
        return replace(
            self,
            rotation=self.rotation * strength,
            shift=self.shift * strength,
            shear=self.shear * strength,
            zoom=(1 + (self.zoom[0] - 1) * strength, 1 + (self.zoom[1] - 1) * strength),
            flip=self.flip * min(strength, 1.0),
            crop_shift=round(self.crop_shift * strength),
            brightness=self.brightness * strength,
            contrast=self.contrast * strength,
            erase=self.erase * min(strength, 1.0),
            balance_classes=self.balance_classes and strength > 0,
        )


PRESETS: dict[str, AugmentationSettings] = {
    "none": AugmentationSettings(),
    # Report B. Its flipped copies that double the number of images are made by the training loop.
    "flip": AugmentationSettings(flip=0.5),
    # Report C, with the fill that Keras's generator has when none is named.
    "shift_flip": AugmentationSettings(shift=0.1, flip=0.5),
    # Report A: Keras's image generator with rotation_range=20, width_shift_range=height_shift_range=0.2,
    # shear_range=0.2, zoom_range=0.2, horizontal_flip, fill_mode="nearest". Keras 2 reads shear_range as
    # degrees, so this shear is next to none; Keras 1 read radians, where 0.2 would be 11.5 degrees.
    "affine_nearest": AugmentationSettings(
        rotation=20, shift=0.2, shear=0.2, zoom=(0.8, 1.2), zoom_each_axis=True, flip=0.5
    ),
    # Report E: torchvision's affine with fill 0. The rotation's range is unreadable; 10 degrees is usual.
    "affine_constant": AugmentationSettings(
        rotation=10, shift=0.1, shear=10, zoom=(0.9, 1.1), flip=0.5, fill="constant", fill_value=0
    ),
    # Report D: only the balancing is known; the mild affine set is what keeps copies from being equal.
    "balanced": AugmentationSettings(
        rotation=10, shift=0.1, zoom=(0.9, 1.1), zoom_each_axis=True, flip=0.5, balance_classes=True
    ),
    # For the compact network on a laptop: what twenty epochs can make use of.
    "compact": AugmentationSettings(rotation=7, shift=0.06, zoom=(0.93, 1.07), flip=0.5),
    # The shared set of the projects that reached 73%, for crops of 44: random crop, flip, rotation,
    # zoom, jitter, random erasing. Their shift of 20% of half the images is here 10% of every image.
    "champion": AugmentationSettings(
        rotation=10,
        shift=0.1,
        zoom=(0.8, 1.2),
        flip=0.5,
        crop_shift=2,
        brightness=0.1,
        contrast=0.2,
        erase=0.5,
    ),
    # For the embedded practice faces.
    "practice": AugmentationSettings(shift=0.05, flip=0.5),
}


def augmentation_preset(name: str) -> AugmentationSettings:
    """Return the preset of this name, or one of its parts alone: "compact/rotation" is its rotation.

    Raises:
        InputError: No preset has this name, or it has no such part; the message names the nearest.
    """
    preset, slash, part = name.partition("/")
    if preset not in PRESETS:
        raise unknown_name("augmentation preset", preset, PRESETS)
    whole, nothing = PRESETS[preset], AugmentationSettings()
    if not slash:
        return whole
    parts = [known for known in PARTS if getattr(whole, known) != getattr(nothing, known)]
    if part not in parts:
        raise unknown_name(f"part of augmentation {preset!r}", part, parts)
    rest = {known: getattr(nothing, known) for known in parts if known != part}
    return replace(whole, **rest)
