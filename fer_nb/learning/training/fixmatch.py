"""FixMatch: the network's own sure answers to slightly altered images label the strongly altered ones."""

from typing import Any

import keras
from keras import ops

from fer_nb.language import EMOTIONS
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.objective import Objective
from fer_nb.learning.transforms import UNLABELLED_VIEWS, Augmentation, augmentation_preset


class FixMatch(Objective):
    """The objective of `Objective` on labelled images, and FixMatch's on those without a label.

    In training it takes "unlabelled", uint8 (ratio * batch, 48, 48), beside "image" and "label". All images
    pass the network together, so batch normalization sees them as one batch, as in the paper. The labelled
    ones are augmented as the recipe says, so that supervised training differs in nothing else.

    Args:
        network: As for `Objective`.
        augmentation: As for `Objective`.
        recipe: Gives `confidence` as well.
        seed: Of the mixing and of both augmentations.

    Source: Sohn et al., "FixMatch", arXiv 2001.07685, with its weight of 1 for the unlabelled images.
    """

    def __init__(
        self, network: keras.Model, *, augmentation: Augmentation, recipe: Recipe, seed: int
    ) -> None:
        super().__init__(network, augmentation=augmentation, recipe=recipe, seed=seed)
        self.confidence = recipe.confidence
        weak, strong = map(augmentation_preset, UNLABELLED_VIEWS)
        self.weak = Augmentation(weak, seed=seed + 1, name="weak")
        self.strong = Augmentation(strong, seed=seed + 2, name="strong")

    def call(self, inputs: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """Return, beside what `Objective` does, {"strong", "weak"}: logits (ratio * batch, 7) in training."""
        if not training:
            return super().call(inputs)
        images, target = self.labelled(inputs, training=True)
        unlabelled = ops.expand_dims(ops.cast(inputs["unlabelled"], "float32"), -1)
        together = [images, self.weak(unlabelled), self.strong(unlabelled)]
        logits = self.answer(ops.concatenate(together), training=True)
        first, second = ops.shape(images)[0], ops.shape(images)[0] + ops.shape(unlabelled)[0]
        labelled = {"logits": logits[:first], "target": target}
        return labelled | {"weak": logits[first:second], "strong": logits[second:]}

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any) -> Any:
        """Return the labelled images' loss plus that of the unlabelled ones."""
        unlabelled = unlabelled_loss(y_pred["weak"], y_pred["strong"], confidence=self.confidence)
        return super().compute_loss(y_pred=y_pred) + unlabelled


def unlabelled_loss(weak: Any, strong: Any, *, confidence: float) -> Any:
    """Return the cross-entropy (nats) of the strongly altered images against the answers to the weak ones.

    An answer of lower probability counts as none; the mean is over all images, those without one too.

    Args:
        weak: Logits (batch, 7) of the slightly altered images; no gradient passes through them.
        strong: Logits (batch, 7) of the strongly altered ones, in the same order.
        confidence: Probability from which an answer counts, 0 to 1.
    """
    shares = ops.stop_gradient(ops.softmax(weak))
    sure = ops.cast(ops.max(shares, axis=1) >= confidence, "float32")
    answers = ops.one_hot(ops.argmax(shares, axis=1), len(EMOTIONS))
    return ops.mean(sure * keras.losses.categorical_crossentropy(answers, strong, from_logits=True))
