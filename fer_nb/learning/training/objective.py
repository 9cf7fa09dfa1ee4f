"""The model that is trained: augmentation and mixing, the network, and the loss, as one Keras model."""

from typing import Any

import keras
from keras import ops

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.averaging import StatisticsAverage
from fer_nb.learning.transforms.augmentation import Augmentation, mixup


class Objective(keras.Model):
    """A network together with what only its training needs.

    It takes {"image": uint8 (batch, 48, 48), "label": int (batch,)} and needs no separate targets, because
    mixup makes new ones. The network inside it is the one that is saved; this model never is.

    Args:
        network: Raw grey levels (batch, 48, 48, 1) to logits (batch, 7).
        augmentation: Layer that is active in training only.
        recipe: Gives `label_smoothing`, `mixup`, `averaging`, `small_share` and `small_size`.
        seed: Of the mixing.
    """

    def __init__(
        self, network: keras.Model, *, augmentation: Augmentation, recipe: Recipe, seed: int
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
        self.small_size = recipe.small_size
        self.small: Any = smaller(network, recipe.small_size) if recipe.small_share else None
        self.sees_small = False

    def see_small(self, small: bool) -> None:
        """Train on small images from the next step on, or on whole ones; the graph is made anew."""
        if small != self.sees_small:
            self.sees_small = small
            self.make_train_function(force=True)

    def build(self, input_shape: Any = None) -> None:
        """Mark as built: every layer in it came with its variables."""
        self.built = True

    def call(self, inputs: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """Return {"logits": (batch, 7), "target": (batch, 7)}, both float32."""
        images, target = self.labelled(inputs, training=training)
        return {"logits": self.answer(images, training=training), "target": target}

    def labelled(self, inputs: dict[str, Any], *, training: bool) -> tuple[Any, Any]:
        """Return the labelled images (batch, 48, 48, 1) and targets (batch, 7), altered in training."""
        images = ops.expand_dims(ops.cast(inputs["image"], "float32"), -1)
        target = ops.one_hot(inputs["label"], len(EMOTIONS))
        if training:
            images = self.augmentation(images)
        if training and self.mixup_alpha:
            images, target = mixup(images, target, self.mixup_alpha, self.mixing_seed)
        return images, target

    def answer(self, images: Any, *, training: bool) -> Any:
        """Return the network's logits (batch, 7); in training, take its statistics into the averages."""
        if training and self.sees_small:
            size = (self.small_size, self.small_size)
            logits = self.small(ops.image.resize(images, size, antialias=True), training=True)
        else:
            logits = self.network(images, training=training)
        if training and self.statistics is not None:
            self.statistics.update(self.network.non_trainable_weights)
        return logits

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any) -> Any:
        """Return the mean cross-entropy (nats) of what `call` returned against its smoothed targets."""
        target, logits = y_pred["target"], y_pred["logits"]
        return ops.mean(
            keras.losses.categorical_crossentropy(
                target, logits, from_logits=True, label_smoothing=self.label_smoothing
            )
        )

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Update and return the training accuracy; a mixed image counts for its larger part."""
        self.accuracy.update_state(y_pred["target"], y_pred["logits"])
        return self.get_metrics_result()


def smaller(network: keras.Model, size: int) -> keras.Model:
    """Return a network of the same layers, weights and all, for smaller images.

    Args:
        network: Takes (batch, 48, 48, 1).
        size: Side of the smaller images, in pixels.

    Raises:
        InputError: A layer's weights belong to places, as those of a dense layer over a flattened map do.
    """
    try:
        return keras.models.clone_model(
            network, input_tensors=keras.Input((size, size, 1)), clone_function=lambda layer: layer
        )
    except ValueError as error:
        wanted = f"one that takes images of {size} pixels"
        found = str(error).splitlines()[0]
        raise InputError.expected(f"network {network.name!r}", wanted, found) from None
