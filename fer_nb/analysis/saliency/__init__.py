"""Saliency: which pixels an answer rests on, and whether a map that says so is worth believing.

Every method is `method(model, images, classes, *, ...)`, with images uint8 (N, 48, 48) and classes (N,), and
returns maps float32 (N, 48, 48) of the class *logit*; a softmax at the model's end is left out. Maps with a
sign speak for the class where they are positive. A network is given 64 images at a time,
where no gradient is wanted 256.
"""

from fer_nb.analysis.saliency.curves import area_under, blur_fill, mean_fill, replacement_curves
from fer_nb.analysis.saliency.edges import edges
from fer_nb.analysis.saliency.gradient import gradient, gradient_times_input, signed_gradient
from fer_nb.analysis.saliency.integrated_gradients import completeness_error, integrated_gradients
from fer_nb.analysis.saliency.layercam import default_layer, layercam
from fer_nb.analysis.saliency.localization import (
    Localization,
    chance,
    localization,
    rank_correlation,
    region_shares,
    top_share,
)
from fer_nb.analysis.saliency.occlusion import occlusion
from fer_nb.analysis.saliency.part_removal import removal_agreement, removal_effects
from fer_nb.analysis.saliency.perturbation import loss_gradient, perturbation
from fer_nb.analysis.saliency.randomization import PASSING, Randomization, randomization_check, untrained
from fer_nb.analysis.saliency.rise import rise
from fer_nb.analysis.saliency.smoothgrad import smoothgrad
from fer_nb.analysis.saliency.template import face_template

__all__ = [
    "PASSING",
    "Localization",
    "Randomization",
    "area_under",
    "blur_fill",
    "chance",
    "completeness_error",
    "default_layer",
    "edges",
    "face_template",
    "gradient",
    "gradient_times_input",
    "integrated_gradients",
    "layercam",
    "localization",
    "loss_gradient",
    "mean_fill",
    "occlusion",
    "perturbation",
    "randomization_check",
    "rank_correlation",
    "region_shares",
    "removal_agreement",
    "removal_effects",
    "replacement_curves",
    "rise",
    "signed_gradient",
    "smoothgrad",
    "top_share",
    "untrained",
]
