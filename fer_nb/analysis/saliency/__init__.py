"""Saliency: which pixels an answer rests on, and how faithful a map that says so is.

Every method is `method(model, images, classes, *, ...)`, with images uint8 (N, 48, 48) and classes (N,), and
returns maps float32 (N, 48, 48) of the class *logit*; a softmax at the model's end is left out. Maps with a
sign speak for the class where they are positive. A network is given 64 images at a time,
where no gradient is wanted 256.
"""

from fer_nb.analysis.saliency.ablation import region_ablation as region_ablation
from fer_nb.analysis.saliency.curves import area_under_curve as area_under_curve
from fer_nb.analysis.saliency.curves import blur_fill as blur_fill
from fer_nb.analysis.saliency.curves import deletion_curves as deletion_curves
from fer_nb.analysis.saliency.curves import mean_fill as mean_fill
from fer_nb.analysis.saliency.edges import edges as edges
from fer_nb.analysis.saliency.face_template import face_template as face_template
from fer_nb.analysis.saliency.gradient import gradient as gradient
from fer_nb.analysis.saliency.gradient import signed_gradient as signed_gradient
from fer_nb.analysis.saliency.integrated_gradients import completeness_error as completeness_error
from fer_nb.analysis.saliency.integrated_gradients import integrated_gradients as integrated_gradients
from fer_nb.analysis.saliency.layercam import default_layer as default_layer
from fer_nb.analysis.saliency.layercam import layercam as layercam
from fer_nb.analysis.saliency.localization import pointing_game as pointing_game
from fer_nb.analysis.saliency.localization import rank_correlation as rank_correlation
from fer_nb.analysis.saliency.localization import region_shares as region_shares
from fer_nb.analysis.saliency.localization import relevance_mass_accuracy as relevance_mass_accuracy
from fer_nb.analysis.saliency.localization import top_share as top_share
from fer_nb.analysis.saliency.occlusion import occlusion as occlusion
from fer_nb.analysis.saliency.perturbation import perturbation as perturbation
from fer_nb.analysis.saliency.randomization import untrained as untrained
from fer_nb.analysis.saliency.rise import random_masks as random_masks
from fer_nb.analysis.saliency.rise import rise as rise
from fer_nb.analysis.saliency.smoothgrad import smoothgrad as smoothgrad
