"""A training fully decided: what goes in, and the name under which its run is kept."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import Faces
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.runs import Run


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
    parent: Run | None
