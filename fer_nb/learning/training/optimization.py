"""Optimizers and learning-rate schedules, as a recipe names them."""

from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from fer_nb.learning.recipe import Recipe

ONE_CYCLE_WARMUP = 0.3  # share of all steps that climb; Smith and Topin, arXiv 1708.07120, as in PyTorch
ONE_CYCLE_START = 25.0  # the first rate is this many times lower than the highest; as in PyTorch

MUON_MOMENTUM = 0.95
# Of the iteration that makes an update orthogonal; Jordan's networks for CIFAR-10 take as many.
MUON_STEPS = 3
MUON_QUINTIC = (3.4445, -4.7750, 2.0315)
MUON_SCALE = 0.2  # makes a step as large as Adam's; Liu et al.
MUON_ADAM_SHARE = 1 / 3  # of the rate, for the weights that Adam updates


class ConvolutionMuon(keras.optimizers.AdamW):
    """Muon for convolutions: the update of a kernel is made orthogonal before it is taken.

    So all directions of a kernel learn at the same rate, which takes fewer epochs (Jordan et al. 2024,
    https://kellerjordan.github.io/posts/muon; the size of a step is that of Liu et al., arXiv 2502.16982).
    A kernel counts as one matrix, (height * width * inputs, outputs); Keras's own Muon, which came with Keras
    3.10 and changed since, takes matrices alone.
    Adam updates the rest: biases, the scales of normalizations, dense layers, and a first convolution, whose
    one grey input leaves no directions to even out.
    """

    def update_step(self, gradient: Any, variable: keras.Variable, learning_rate: Any) -> None:
        """Update one variable."""
        if len(variable.shape) != 4 or variable.shape[2] == 1:
            super().update_step(gradient, variable, learning_rate * MUON_ADAM_SHARE)
            return
        moving = self._momentums[self._get_variable_index(variable)]
        self.assign(moving, MUON_MOMENTUM * moving + gradient)
        matrix = ops.reshape(gradient + MUON_MOMENTUM * moving, (-1, variable.shape[-1]))  # Nesterov
        scale = MUON_SCALE * max(matrix.shape) ** 0.5
        update = ops.reshape(orthogonal(matrix) * learning_rate * scale, variable.shape)
        self.assign_sub(variable, update)


def orthogonal(matrix: Any) -> Any:
    """Return U V^T of a matrix U S V^T, float32 (n, m), nearly: by Newton and Schulz's iteration."""
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else ops.transpose(matrix)
    x = x / (ops.norm(x) + 1e-7)
    first, third, fifth = MUON_QUINTIC
    for _ in range(MUON_STEPS):
        square = x @ ops.transpose(x)
        x = first * x + (third * square + fifth * square @ square) @ x
    return x if wide else ops.transpose(x)


class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    """A linear climb to the first rate of another schedule, which then starts.

    The first step already takes its share of that rate; the last of the climb takes all of it.

    Args:
        after: The schedule that follows, or a constant rate.
        steps: Number of steps of the climb, at least 1.
    """

    def __init__(self, after: keras.optimizers.schedules.LearningRateSchedule | float, steps: int) -> None:
        self.after = after
        self.steps = steps

    def __call__(self, step: Any) -> Any:
        """Return the rate at `step`, counted from 0."""
        step = ops.cast(step, "float32")
        rate = self.after(ops.maximum(step - self.steps, 0.0)) if callable(self.after) else self.after
        return rate * ops.minimum(1.0, (step + 1.0) / self.steps)


def learning_rate(recipe: Recipe, *, steps_per_epoch: int, total_steps: int | None = None) -> Any:
    """Return the recipe's rate as Keras takes it: a number for a plateau, else a schedule in steps.

    A plateau and its warm-up act between epochs, in `fer_nb.learning.training.optimization`.

    Args:
        recipe: Names the schedule.
        steps_per_epoch: Of the epochs to come.
        total_steps: At which the schedule ends, where earlier epochs had another number of steps.
    """
    total = recipe.epochs * steps_per_epoch if total_steps is None else total_steps
    warmup = round(recipe.warmup_epochs * steps_per_epoch)
    if recipe.schedule == "one_cycle":
        climb = min(max(warmup or round(ONE_CYCLE_WARMUP * total), 1), total)
        return keras.optimizers.schedules.CosineDecay(
            recipe.learning_rate / ONE_CYCLE_START,
            decay_steps=max(total - climb, 1),
            warmup_target=recipe.learning_rate,
            warmup_steps=climb,
        )
    rate: Any = recipe.learning_rate
    if recipe.schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, decay_steps=max(total - warmup, 1))
    elif recipe.schedule == "step":
        rate = keras.optimizers.schedules.ExponentialDecay(
            rate, recipe.schedule_patience * steps_per_epoch, recipe.schedule_factor, staircase=True
        )
    return rate if recipe.schedule == "plateau" or not warmup else Warmup(rate, warmup)


def optimizer(recipe: Recipe, **steps: Any) -> keras.optimizers.Optimizer:
    """Return the recipe's optimizer with its schedule, weight decay and weight averaging.

    Biases and batch-norm scales are not decayed, as is usual (He et al., arXiv 1812.01187).

    Args:
        recipe: Names it all.
        **steps: `steps_per_epoch` and `total_steps` of `learning_rate`.
    """
    kind, options = _OPTIMIZERS[recipe.optimizer]
    if recipe.averaging:
        options = options | {"use_ema": True, "ema_momentum": recipe.averaging}
    if recipe.weight_decay:
        options = options | {"weight_decay": recipe.weight_decay}
    made: keras.optimizers.Optimizer = kind(learning_rate(recipe, **steps), **options)
    if recipe.weight_decay:
        made.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return made


_OPTIMIZERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "adadelta": (keras.optimizers.Adadelta, {}),
    "adam": (keras.optimizers.Adam, {}),
    "adamw": (keras.optimizers.AdamW, {"weight_decay": 0.0}),
    "muon": (ConvolutionMuon, {"weight_decay": 0.0}),
    "sgd_nesterov": (keras.optimizers.SGD, {"momentum": 0.9, "nesterov": True}),
}


@dataclass(frozen=True)
class Plateau:
    """Where a plateau schedule stands, after Keras's ReduceLROnPlateau, in numbers that a checkpoint keeps.

    Attributes:
        scale: What the recipe's rate is multiplied by.
        lowest: The lowest validation loss so far.
        waited: Epochs since then.
    """

    scale: float = 1.0
    lowest: float = float("inf")
    waited: int = 0

    def after(self, validation_loss: float, recipe: Recipe) -> "Plateau":
        """Return where it stands after an epoch of this validation loss."""
        if validation_loss < self.lowest - 1e-4:  # Keras's min_delta
            return Plateau(self.scale, validation_loss, 0)
        if self.waited + 1 >= recipe.schedule_patience:
            return Plateau(self.scale * recipe.schedule_factor, self.lowest, 0)
        return Plateau(self.scale, self.lowest, self.waited + 1)

    def rate(self, epoch: int, recipe: Recipe) -> float:
        """Return the rate of an epoch, counted from 0, with the recipe's warm-up."""
        climb = min(1.0, (epoch + 1) / recipe.warmup_epochs) if recipe.warmup_epochs else 1.0
        return recipe.learning_rate * self.scale * climb
