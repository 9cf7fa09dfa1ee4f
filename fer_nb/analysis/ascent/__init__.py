"""Images that drive a filter, a unit or a class: made by gradient ascent, and found in a data set.

Networks take grey levels 0 to 255, (batch, 48, 48, 1); layers are given by name or number (`find_layer`).
"""

from fer_nb.analysis.ascent.adversarial import fewest_levels, shuffled
from fer_nb.analysis.ascent.layers import class_logits, filter_layers, find_layer
from fer_nb.analysis.ascent.merit import high_frequency_energy, start_correlation
from fer_nb.analysis.ascent.naive import naive_ascent, white_noise
from fer_nb.analysis.ascent.objectives import (
    Activation,
    channel_objective,
    class_objective,
    reached,
    unit_objective,
)
from fer_nb.analysis.ascent.receptive_field import receptive_field
from fer_nb.analysis.ascent.regularized import fourier_ascent
from fer_nb.analysis.ascent.responses import Responses, filter_outputs, responses, similar_groups, top_patches

__all__ = [
    "Activation",
    "Responses",
    "channel_objective",
    "class_logits",
    "class_objective",
    "fewest_levels",
    "filter_layers",
    "filter_outputs",
    "find_layer",
    "fourier_ascent",
    "high_frequency_energy",
    "naive_ascent",
    "reached",
    "receptive_field",
    "responses",
    "shuffled",
    "similar_groups",
    "start_correlation",
    "top_patches",
    "unit_objective",
    "white_noise",
]
