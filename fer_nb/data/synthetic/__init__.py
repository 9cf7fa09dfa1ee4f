"""Practice faces: synthetic 48x48 faces drawn from facial action units, with the truth about every part.

`practice_faces` gives a data set. `specify` gives the record behind it (action units, person, pose, light,
camera), `draw_faces` draws a record, also with one region at rest, and `region_masks` says where regions lie.
"""

from fer_nb.data.synthetic.action_units import EMOTION_UNITS, UNITS
from fer_nb.data.synthetic.drawing import as_faces, draw_faces, practice_faces
from fer_nb.data.synthetic.landmarks import REGIONS
from fer_nb.data.synthetic.masks import region_masks
from fer_nb.data.synthetic.specification import specify

__all__ = [
    "EMOTION_UNITS",
    "REGIONS",
    "UNITS",
    "as_faces",
    "draw_faces",
    "practice_faces",
    "region_masks",
    "specify",
]
