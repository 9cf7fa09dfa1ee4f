"""Where the parts of a face lie in an average FER2013 image: an approximation, for nobody marked them.

FER2013's faces are cropped to nearly one place. The ellipses were laid by eye over the mean of its training
images; a turned or tilted face lies outside of them.
"""

import numpy as np
from numpy.typing import NDArray

TEMPLATE_REGIONS = ("brows", "eyes", "nose", "mouth", "cheeks", "forehead", "nasolabial_folds")
"""Report A's regions, in the order of the template's masks."""

_SIZE = 48
_MIDDLE = 23.5
# Row, distance of the column from the middle, and half axes, in pixels; a distance stands for both sides.
# In front comes first: where two meet, the feature goes before the skin.
_ELLIPSES = {
    "brows": (12.0, 9.5, 2.5, 6.5),
    "eyes": (17.5, 9.5, 3.0, 6.0),
    "nose": (24.5, 0.0, 6.5, 4.5),
    "mouth": (37.0, 0.0, 4.5, 10.0),
    "nasolabial_folds": (31.0, 7.5, 4.5, 3.0),
    "cheeks": (26.0, 11.0, 5.5, 5.5),
    "forehead": (5.5, 0.0, 4.5, 13.0),
}


def face_template() -> NDArray[np.bool_]:
    """Return where the regions lie, bool (7, 48, 48), in the order of TEMPLATE_REGIONS, without overlap."""
    rows, columns = np.mgrid[:_SIZE, :_SIZE]
    masks = np.zeros((len(TEMPLATE_REGIONS), _SIZE, _SIZE), np.bool_)
    for name, (row, aside, height, width) in _ELLIPSES.items():
        across = np.abs(columns - _MIDDLE) - aside
        inside = ((rows - row) / height) ** 2 + (across / width) ** 2 < 1
        masks[TEMPLATE_REGIONS.index(name)] = inside & ~masks.any(axis=0)
    return masks
