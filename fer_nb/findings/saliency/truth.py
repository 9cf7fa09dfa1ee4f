"""What practice faces know: where the parts lie that an expression moved, and the face with each at rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import PRACTICE, Faces
from fer_nb.language import Text

REGION_NAMES = {
    "brows": Text("眉毛", "brows"),
    "eyes": Text("眼睛", "eyes"),
    "nose": Text("鼻子", "nose"),
    "mouth": Text("嘴巴", "mouth"),
    "cheeks": Text("臉頰", "cheeks"),
    "forehead": Text("額頭", "forehead"),
    "nasolabial_folds": Text("法令紋", "nasolabial folds"),
}
"""Names of the regions, in the order of the masks."""

VISIBLE = 10  # grey levels; a part whose redrawing changes no pixel by as much was hardly moved


@dataclass(frozen=True, eq=False)
class Truth:
    """N faces of the test split on which some part was moved.

    Attributes:
        rows: Of the test split, (N,).
        regions: bool (N, 7, 48, 48).
        redrawn: The same faces with one region at rest, uint8 (N, 7, 48, 48).
        moved: Which regions the action units move, bool (N, 7).
    """

    rows: NDArray[np.int64]
    regions: NDArray[np.bool_]
    redrawn: NDArray[np.uint8]
    moved: NDArray[np.bool_]

    @property
    def true_regions(self) -> NDArray[np.bool_]:
        """Where the moved parts lie, (N, 48, 48)."""
        return np.asarray((self.regions & self.moved[:, :, None, None]).any(axis=1))


def truth_of(faces: Faces, rows: NDArray[np.integer], *, seed: int) -> Truth | None:
    """Return the truth about test faces, without those on which nothing moved; None for real faces.

    Args:
        faces: All faces.
        rows: Of the test split, public before private, (N,).
        seed: With which practice faces were drawn.
    """
    from fer_nb.data.synthetic import REGIONS, draw_faces, region_masks, specify

    counts = {usage: faces.counts()[usage] for usage in ("PublicTest", "PrivateTest")}
    if faces.source != PRACTICE or not any(counts.values()):
        return None
    drawn = specify(counts, seed=seed).take(np.asarray(rows))
    images = np.concatenate([faces.of(usage).images for usage in counts])[rows]
    if not np.array_equal(draw_faces(drawn), images):
        return None  # drawn with another seed
    redrawn = np.stack([draw_faces(drawn, neutral=region) for region in REGIONS], axis=1)
    changes = np.abs(redrawn.astype(np.int16) - images[:, None]).max(axis=(2, 3))
    regions, moved = region_masks(drawn), changes >= VISIBLE
    known = (regions & moved[:, :, None, None]).any(axis=(1, 2, 3))
    return Truth(np.asarray(rows)[known], regions[known], redrawn[known], moved[known])
