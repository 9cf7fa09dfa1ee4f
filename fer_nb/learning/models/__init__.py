"""The networks: an architecture is one registered function; `build` makes a Keras model of it.

A new network is a function with `@architecture` in a module that is imported here.
"""

from fer_nb.learning.models import champions, report_a, report_b, report_c, report_d, report_e, small  # noqa: F401
from fer_nb.learning.models.complexity import Block as Block
from fer_nb.learning.models.complexity import blocks as blocks
from fer_nb.learning.models.complexity import multiply_adds as multiply_adds
from fer_nb.learning.models.registry import ARCHITECTURES as ARCHITECTURES
from fer_nb.learning.models.registry import architecture as architecture
from fer_nb.learning.models.registry import architecture_options as architecture_options
from fer_nb.learning.models.registry import build as build
from fer_nb.learning.models.registry import build_shapes as build_shapes
from fer_nb.learning.models.source import source as source
