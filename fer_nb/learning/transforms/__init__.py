"""What happens to an image before a network sees it: normalization always, augmentation in training only."""

from fer_nb.learning.transforms.augmentation import Augmentation, augment, mixup
from fer_nb.learning.transforms.normalization import NORMALIZATIONS, fit_normalization
from fer_nb.learning.transforms.settings import PRESETS, AugmentationSettings, augmentation_preset

__all__ = [
    "NORMALIZATIONS",
    "PRESETS",
    "Augmentation",
    "AugmentationSettings",
    "augment",
    "augmentation_preset",
    "fit_normalization",
    "mixup",
]
