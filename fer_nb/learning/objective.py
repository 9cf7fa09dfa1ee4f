"""The model that is trained: augmentation and mixing, the network, and the loss, as one Keras model."""

from typing import Any

import keras
from keras import ops

from fer_nb.language import EMOTIONS
from fer_nb.learning.averaging import StatisticsAverage
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.transforms import Augmentation, mixup


class Objective(keras.Model):
    """A network together with what only its training needs.

    It takes {"image": uint8 (batch, 48, 48), "label": int (batch,)} and needs no separate targets, because
    mixup makes new ones. The network inside it is the one that is saved; this model never is.

    Args:
        network: Raw grey levels (batch, 48, 48, 1) to logits (batch, 7).
        augmentation: Layer that is active in training only, or None.
        recipe: Gives `label_smoothing`, `mixup` and `averaging`.
        seed: Of the mixing.
    """

    def __init__(
        self, network: keras.Model, *, augmentation: Augmentation | None, recipe: Recipe, seed: int
    ) -> None:
        super().__init__(name="objective")
        self.network = network
        self.augmentation = augmentation
        self.mixup_alpha = recipe.mixup
        self.label_smoothing = recipe.label_smoothing
        self.mixing_seed = keras.random.SeedGenerator(seed)
        self.statistics = (
            StatisticsAverage(network.non_trainable_weights, momentum=recipe.averaging)
            if recipe.averaging
            else None
        )
        self.accuracy = keras.metrics.CategoricalAccuracy(name="accuracy")

    def build(self, input_shape: Any = None) -> None:
        """Mark as built: every layer in it came with its variables."""
        self.built = True

    def call(self, inputs: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """Return {"logits": (batch, 7), "target": (batch, 7)}, both float32."""
        images = ops.expand_dims(ops.cast(inputs["image"], "float32"), -1)
        target = ops.one_hot(inputs["label"], len(EMOTIONS))
        if training and self.augmentation is not None:
            images = self.augmentation(images, training=True)
        if training and self.mixup_alpha:
            images, target = mixup(images, target, self.mixup_alpha, self.mixing_seed)
        logits = self.network(images, training=training)
        if training and self.statistics is not None:
            self.statistics.update(self.network.non_trainable_weights)
        return {"logits": logits, "target": target}

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the mean cross-entropy against the smoothed, mixed targets."""
        return ops.mean(
            keras.losses.categorical_crossentropy(
                y_pred["target"], y_pred["logits"], from_logits=True, label_smoothing=self.label_smoothing
            )
        )

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Update and return the training accuracy; a mixed image counts for its larger part."""
        self.accuracy.update_state(y_pred["target"], y_pred["logits"])
        return self.get_metrics_result()
