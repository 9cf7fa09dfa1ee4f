"""The learning rate that falls when the validation loss no longer does."""

from dataclasses import dataclass

from fer_nb.learning.recipe import Recipe


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
