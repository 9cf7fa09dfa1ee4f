"""Augmentation settings: plain records, and the presets of the five reports. Imports no Keras."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import InputError, check_settings, known_name

_RANGES = yaml.safe_load(Path(__file__).with_name("ranges.yaml").read_text(encoding="utf-8"))
PARTS = ("flip", "shift", "rotation", "shear", "zoom", "crop_shift", "brightness", "contrast", "erase")
"""What an augmentation is made of: the settings that are something by themselves."""


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
        object.__setattr__(self, "zoom", tuple(self.zoom))
        check_settings(self, _RANGES, where="augmentation")
        for name, low, high in (("zoom", 0.1, 10), ("erase_area", 0.001, 1)):
            value = tuple(getattr(self, name))
            if len(value) != 2 or not low <= value[0] <= value[1] <= high:
                wanted = f"(smallest, largest) within {low:g} to {high:g}"
                raise InputError.expected(f"augmentation: {name}", wanted, value)

    @property
    def parts(self) -> list[str]:
        """What it is made of, names of PARTS."""
        nothing = AugmentationSettings()
        return [part for part in PARTS if getattr(self, part) != getattr(nothing, part)]

    @property
    def resamples(self) -> bool:
        """Whether any setting moves pixels."""
        moving = (self.rotation, self.shift, self.shear, self.flip, self.crop_shift)
        return any(moving) or tuple(self.zoom) != (1.0, 1.0)

    def scaled(self, strength: float) -> "AugmentationSettings":
        """Return the settings with every range multiplied by `strength`: 0 is none, 1 is as they are.

        The probabilities of flip and erasing shrink below strength 1 and stay as they are above it: an
        image that is always flipped is not a stronger augmentation. Class-balancing stays, but for 0.

        Raises:
            InputError: A negative strength, or one that takes a range out of its bounds.
        """
        if not (math.isfinite(strength) and strength >= 0):
            raise InputError(f"augmentation strength: expected a number of at least 0, found {strength}")
        ranges = ("rotation", "shift", "shear", "brightness", "contrast")
        changes: dict[str, Any] = {name: getattr(self, name) * strength for name in ranges}
        changes |= {name: getattr(self, name) * min(strength, 1.0) for name in ("flip", "erase")}
        low, high = (1 + (end - 1) * strength for end in self.zoom)
        return replace(
            self,
            **changes, zoom=(low, high), crop_shift=round(self.crop_shift * strength),
            balance_classes=self.balance_classes and strength > 0,
        )  # fmt: skip


_PRESETS = yaml.safe_load(Path(__file__).with_name("presets.yaml").read_text(encoding="utf-8"))
PRESETS = {name: AugmentationSettings(**settings) for name, settings in _PRESETS.items()}
"""Of the five reports and our own, from `presets.yaml`."""

UNLABELLED_VIEWS = ("shift_flip", "champion")
"""FixMatch's presets: shift and flip as in the paper; for its RandAugment and Cutout our strongest."""


def augmentation_preset(name: str) -> AugmentationSettings:
    """Return the preset of this name, or one of its parts alone: "compact/rotation" is its rotation.

    Raises:
        InputError: No preset has this name, or it has no such part; the message names the nearest.
    """
    preset, slash, part = str(name).partition("/")
    whole = PRESETS[known_name("augmentation preset", preset, PRESETS)]
    if not slash:
        return whole
    known_name(f"part of augmentation {preset!r}", part, whole.parts)
    nothing = AugmentationSettings()
    rest = {known: getattr(nothing, known) for known in whole.parts if known != part}
    return replace(whole, **rest)
