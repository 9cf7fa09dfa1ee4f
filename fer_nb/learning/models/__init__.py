"""The networks: an architecture is one registered function; `build` makes a Keras model of it."""

from fer_nb.learning.models import own, report_c
from fer_nb.learning.models.complexity import LayerRow, layer_table, multiply_adds
from fer_nb.learning.models.registry import (
    ARCHITECTURES,
    CLASSES,
    IMAGE_SIZE,
    architecture,
    architecture_options,
    build,
)

__all__ = [
    "ARCHITECTURES",
    "CLASSES",
    "IMAGE_SIZE",
    "LayerRow",
    "architecture",
    "architecture_options",
    "build",
    "layer_table",
    "multiply_adds",
    "own",
    "report_c",
]
