"""What happens to an image before a network sees it: normalization always, augmentation in training only."""

from fer_nb.learning.transforms.augmentation import DRAWS as DRAWS
from fer_nb.learning.transforms.augmentation import Augmentation as Augmentation
from fer_nb.learning.transforms.augmentation import augment as augment
from fer_nb.learning.transforms.augmentation import mixup as mixup
from fer_nb.learning.transforms.normalization import NORMALIZATIONS as NORMALIZATIONS
from fer_nb.learning.transforms.normalization import fit_normalization as fit_normalization
from fer_nb.learning.transforms.settings import PRESETS as PRESETS
from fer_nb.learning.transforms.settings import UNLABELLED_VIEWS as UNLABELLED_VIEWS
from fer_nb.learning.transforms.settings import AugmentationSettings as AugmentationSettings
from fer_nb.learning.transforms.settings import augmentation_preset as augmentation_preset
