"""The networks: an architecture is one registered function; `build` makes a Keras model of it.

A new network is a function with `@architecture` in a module that is imported here.
"""

from fer_nb.learning.models import champions, own, report_a, report_b, report_c, report_d, report_e  # noqa: F401
from fer_nb.learning.models.complexity import LayerRow, layer_table, multiply_adds
from fer_nb.learning.models.registry import ARCHITECTURES, architecture, architecture_options, build

__all__ = [
    "ARCHITECTURES",
    "LayerRow",
    "architecture",
    "architecture_options",
    "build",
    "layer_table",
    "multiply_adds",
]
