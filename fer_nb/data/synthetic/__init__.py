"""Practice faces: synthetic 48x48 faces drawn from facial action units, with the truth about every part.

`practice_faces` gives a data set. `specify` gives the record behind it (action units, person, pose, light,
camera), `draw_faces` draws a record, also with one region at rest, and `region_masks` says where regions lie.
"""

from fer_nb.data.synthetic.action_units import EMOTION_UNITS as EMOTION_UNITS
from fer_nb.data.synthetic.action_units import UNITS as UNITS
from fer_nb.data.synthetic.drawing import as_faces as as_faces
from fer_nb.data.synthetic.drawing import draw_faces as draw_faces
from fer_nb.data.synthetic.drawing import practice_faces as practice_faces
from fer_nb.data.synthetic.landmarks import REGIONS as REGIONS
from fer_nb.data.synthetic.masks import region_masks as region_masks
from fer_nb.data.synthetic.specification import specify as specify
