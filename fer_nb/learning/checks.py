"""Whether a recipe can be trained at all, before anything is."""

import keras
import numpy as np

from fer_nb.learning.loop import augmentation_settings
from fer_nb.learning.models import build
from fer_nb.learning.objective import smaller
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.transforms import fit_normalization


def check_recipe(recipe: Recipe) -> keras.Model:
    """Make everything that a recipe names, on two small images, and return the network.

    Raises:
        InputError: The architecture, one of its options, the normalization, the augmentation preset or the
            crop does not exist or is out of its range, or small images are asked of a network that cannot
            take them.
    """
    images = np.stack([np.full((48, 48), level, np.uint8) for level in (0, 255)])
    augmentation_settings(recipe)
    normalization = fit_normalization(recipe.normalization, images)
    network = build(
        recipe.architecture, normalization=normalization, crop=recipe.crop, seed=0, **recipe.options
    )
    if recipe.small_share:
        smaller(network, recipe.small_size)
    return network
