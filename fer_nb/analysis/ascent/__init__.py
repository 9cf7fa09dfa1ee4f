"""Images that drive a filter, a unit or a class: made by gradient ascent, and found in a data set.

Networks take grey levels 0 to 255, (batch, 48, 48, 1); layers are given by name or number (`find_layer`).
"""

from fer_nb.analysis.ascent.adversarial import fewest_levels as fewest_levels
from fer_nb.analysis.ascent.adversarial import shuffled as shuffled
from fer_nb.analysis.ascent.kernels import Sine as Sine
from fer_nb.analysis.ascent.kernels import best_sine as best_sine
from fer_nb.analysis.ascent.kernels import image_kernels as image_kernels
from fer_nb.analysis.ascent.layers import class_logits as class_logits
from fer_nb.analysis.ascent.layers import filter_layers as filter_layers
from fer_nb.analysis.ascent.layers import find_layer as find_layer
from fer_nb.analysis.ascent.naive import naive_ascent as naive_ascent
from fer_nb.analysis.ascent.naive import white_noise as white_noise
from fer_nb.analysis.ascent.objectives import Activation as Activation
from fer_nb.analysis.ascent.objectives import channel_objective as channel_objective
from fer_nb.analysis.ascent.objectives import class_objective as class_objective
from fer_nb.analysis.ascent.objectives import reached as reached
from fer_nb.analysis.ascent.receptive_field import ReceptiveField as ReceptiveField
from fer_nb.analysis.ascent.receptive_field import receptive_field as receptive_field
from fer_nb.analysis.ascent.regularized import fourier_ascent as fourier_ascent
from fer_nb.analysis.ascent.responses import Responses as Responses
from fer_nb.analysis.ascent.responses import filter_outputs as filter_outputs
from fer_nb.analysis.ascent.responses import responses as responses
from fer_nb.analysis.ascent.responses import top_patches as top_patches
