"""A training fully decided: what goes in, and the name under which its run is kept."""

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import Faces, carve_validation, fingerprint, row_hashes
from fer_nb.errors import InputError
from fer_nb.learning.models import build
from fer_nb.learning.precision import resolve_precision
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.averaging import fitting_momentum
from fer_nb.learning.training.objective import smaller
from fer_nb.learning.transforms import (
    UNLABELLED_VIEWS,
    AugmentationSettings,
    augmentation_preset,
    fit_normalization,
)

if TYPE_CHECKING:
    from fer_nb.learning.runs import Run


LARGEST_SEED = 2**31 - 1
"""JAX takes no larger one, with a few more for the streams that count up from it."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What one training works with.

    Attributes:
        name: Of the run's folder, `<recipe>-<key>`.
        recipe: With the precision that is really used.
        network: The network with its starting weights.
        training: The faces to learn from, in an order that does not depend on the file's.
        validation: The faces held out, in the file's order.
        validation_rows: Their rows among the Training rows, ascending; none where they were handed over.
        unlabelled: The faces without a label to learn from, none unless the recipe asks for them.
        seed: Of everything random.
        momentum: Of the weights' average: the recipe's, or a smaller one where too few steps are taken.
        parent: The run that this one goes on from, or None.
    """

    name: str
    recipe: Recipe
    network: keras.Model
    training: Faces
    validation: Faces
    validation_rows: NDArray[np.int64]
    unlabelled: Faces
    seed: int
    momentum: float
    parent: "Run | None"


def make_plan(
    recipe: Recipe, faces: Faces, *, seed: int, parent: "Run | None" = None, validation: Faces | None = None
) -> Plan:
    """Return the training fully decided, and the name under which its run is kept.

    Raises:
        InputError: There are no labelled training or validation faces, or a setting does not fit.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        raise InputError.expected("seed", f"a whole number from 0 to {LARGEST_SEED}", repr(seed))
    augmentation = augmentation_settings(recipe)  # refuses an unknown preset before any work
    recipe = recipe.replace(precision=resolve_precision(recipe.precision))
    training_faces = faces.of("Training")
    if not len(training_faces):
        raise InputError(f"{faces.source}: expected Training rows to train on, found {faces.counts()}")
    training_rows, validation_rows = np.arange(len(training_faces)), np.empty(0, np.int64)
    if validation is None:
        training_rows, validation_rows = carve_validation(training_faces, recipe.validation, seed=seed)
        validation = training_faces.take(validation_rows)
        if parent is not None and not parent.validated_on(validation).all():
            wanted = f"the faces that {parent.name} was trained on"
            found = "others: of those to validate on it may have learned some"
            raise InputError.expected(faces.source, wanted, found)
    elif not len(validation) or (validation.labels < 0).any():
        raise InputError(f"{validation.source}: expected labelled faces to validate on")
    training = _in_fixed_order(training_faces.take(training_rows))
    unlabelled = faces.of(*["unlabelled"] * (recipe.unlabelled_ratio > 0))
    if recipe.unlabelled_ratio and not len(unlabelled):
        raise InputError(f"{faces.source}: expected images without a label, found {faces.counts()}")
    network = build_network(recipe, training.images, seed=seed, dtype=recipe.precision)
    steps = recipe.epochs * math.ceil(len(training) / recipe.batch_size)  # more where images come repeatedly
    momentum = fitting_momentum(recipe.averaging, steps=steps)
    decisive = {
        "network": network.to_json(),
        "recipe": recipe.settings(),
        "augmentation": asdict(augmentation),  # a preset that was edited is another one
        "training": fingerprint(training),
        "validation": fingerprint(validation),
        "tests": [fingerprint(faces.of(usage)) for usage in ("PublicTest", "PrivateTest", "unlabelled")],
        "seed": seed,
        "backend": keras.backend.backend(),
        "parent": _identity(parent) if parent else None,
    } | ({"momentum": momentum} if momentum != recipe.averaging else {})
    if recipe.unlabelled_ratio:
        decisive["unlabelled"] = [asdict(augmentation_preset(name)) for name in UNLABELLED_VIEWS]
    key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]
    name, unlabelled = f"{recipe.name}-{key}", _in_fixed_order(unlabelled)
    return Plan(
        name, recipe, network, training, validation, validation_rows, unlabelled, seed, momentum, parent
    )


def _identity(parent: "Run") -> str:
    """Return what tells a run from others: its name, or what is in it where somebody renamed its folder."""
    named = re.fullmatch(rf"{re.escape(parent.recipe.name)}-[0-9a-f]{{12}}", parent.name)
    return parent.name if named else str(parent.facts["files"])


def _in_fixed_order(faces: Faces) -> Faces:
    """Return the faces in an order that does not depend on the file's."""
    return faces.take(np.argsort(row_hashes(faces), kind="stable"))


def build_network(
    recipe: Recipe, images: NDArray[np.uint8], *, seed: int, dtype: str = "float32"
) -> keras.Model:
    """Return a recipe's network with its starting weights; `images` are those that it will learn from."""
    made: dict[str, Any] = {"normalization": fit_normalization(recipe.normalization, images), "dtype": dtype}
    return build(recipe.architecture, crop=recipe.crop, seed=seed, **made, **recipe.options)


def check_recipe(recipe: Recipe) -> keras.Model:
    """Make everything that a recipe names, on two small images, and return the network.

    Raises:
        InputError: The architecture, one of its options, the normalization, the augmentation preset or the
            crop does not exist or is out of its range, or small images are asked of a network that cannot
            take them.
    """
    images = np.stack([np.full((48, 48), level, np.uint8) for level in (0, 255)])
    augmentation_settings(recipe)
    network = build_network(recipe, images, seed=0)
    if recipe.small_share:
        smaller(network, recipe.small_size)
    return network


def augmentation_settings(recipe: Recipe) -> AugmentationSettings:
    """Return the recipe's augmentation at the recipe's strength."""
    return augmentation_preset(recipe.augmentation).scaled(recipe.augmentation_strength)
