"""What is drawn: action units move what they should, regions lie where their masks say."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from fer_nb.data.synthetic import REGIONS, draw_faces, region_masks, specify
from fer_nb.data.synthetic.action_units import COLUMN
from fer_nb.data.synthetic.canvas import column, columns
from fer_nb.data.synthetic.landmarks import acting_units, place_brows, place_eyes, place_mouth
from fer_nb.errors import InputError

MOVING = {
    "brows": (1, 2, 4),
    "eyes": (5,),
    "nose": (9,),
    "mouth": (12, 25, 26),
    "cheeks": (6,),
    "forehead": (1, 2, 4),
    "nasolabial_folds": (11, 12),
}


@pytest.fixture(scope="module")
def specifications():
    return specify({"Training": 24}, seed=11)


def still(specifications):
    """The same people, faces at rest, looking straight ahead, with nothing before them and a plain camera."""
    calm = specifications.copy()
    calm.units = 0
    for name in ("turn", "nod", "tilt", "hand", "strand", "watermark", "loss", "noise", "hard_shadow"):
        calm.scene[name] = 0
    calm.scene["blur"] = 0.1
    return calm


def acting(specifications, **units):
    """The faces with units such as unit_12=1.0 set for all."""
    moved = specifications.copy()
    for name, intensity in units.items():
        moved.units[:, COLUMN[int(name.removeprefix("unit_"))]] = intensity
    return moved


def geometry(specifications, place, region):
    return place(columns(specifications.identity), acting_units(specifications.units)[region])


def test_columns_give_each_face_its_own_value():
    assert column(np.array([1.0, 2.0])).shape == (2, 1, 1)


def test_a_dropped_jaw_opens_the_mouth_wider_than_parted_lips(specifications):
    rest = geometry(still(specifications), place_mouth, "mouth")
    parted = geometry(acting(still(specifications), unit_25=1.0), place_mouth, "mouth")
    dropped = geometry(acting(still(specifications), unit_25=1.0, unit_26=1.0), place_mouth, "mouth")
    assert (rest.gap == 0).all()
    assert (parted.gap > 0.05).all()
    assert (dropped.gap > 3 * parted.gap).all()


def test_units_1_and_2_raise_the_brows_and_unit_4_lowers_them(specifications):
    rest = geometry(still(specifications), place_brows, "brows")
    raised = geometry(acting(still(specifications), unit_1=1.0, unit_2=1.0), place_brows, "brows")
    frowning = geometry(acting(still(specifications), unit_4=1.0), place_brows, "brows")
    assert (raised.height < rest.height).all()
    assert (frowning.height > rest.height).all()
    assert (frowning.centre < rest.centre).all()  # and draws them together


def test_unit_12_lifts_the_corners_and_unit_15_lowers_them(specifications):
    rest = geometry(still(specifications), place_mouth, "mouth")
    smile = geometry(acting(still(specifications), unit_12=1.0), place_mouth, "mouth")
    sad = geometry(acting(still(specifications), unit_15=1.0), place_mouth, "mouth")
    assert (smile.bend < rest.bend).all()
    assert (smile.half_width > rest.half_width).all()
    assert (sad.bend > rest.bend).all()


def test_unit_5_opens_the_eyes_and_unit_7_narrows_them(specifications):
    rest = geometry(still(specifications), place_eyes, "eyes")
    wide = geometry(acting(still(specifications), unit_5=1.0), place_eyes, "eyes")
    narrow = geometry(acting(still(specifications), unit_7=1.0), place_eyes, "eyes")
    assert (wide.above > rest.above).all()
    assert (narrow.above + narrow.below < rest.above + rest.below).all()


def test_pixels_move_too_an_open_mouth_is_darker_inside(specifications):
    calm = still(specifications)
    opened = acting(calm, unit_25=1.0, unit_26=1.0)
    mouth = region_masks(opened)[:, REGIONS.index("mouth")]
    darkest = [np.percentile(draw_faces(each)[mouth], 25) for each in (calm, opened)]
    assert darkest[1] < 0.6 * darkest[0]


def test_every_region_of_every_face_has_pixels_and_no_two_share_one(specifications):
    masks = region_masks(specifications)
    assert masks.shape == (24, len(REGIONS), 48, 48)
    assert masks.dtype == np.bool_
    assert masks.sum(axis=(2, 3)).min() >= 4
    assert masks.sum(axis=1).max() == 1


def test_regions_lie_in_the_order_of_a_face_from_top_to_bottom(specifications):
    rows = np.arange(48)[:, None]
    masks = region_masks(still(specifications))
    height = {
        name: (masks[:, index] * rows).sum(axis=(1, 2)) / masks[:, index].sum(axis=(1, 2))
        for index, name in enumerate(REGIONS)
    }
    for above, below in (("forehead", "brows"), ("brows", "eyes"), ("eyes", "nose"), ("nose", "mouth")):
        assert (height[above] < height[below]).all(), (above, below)


def test_masks_of_a_mouth_follow_its_opening(specifications):
    area = [
        region_masks(each)[:, REGIONS.index("mouth")].sum(axis=(1, 2))
        for each in (still(specifications), acting(still(specifications), unit_25=1.0, unit_26=1.0))
    ]
    assert (area[1] > 1.3 * area[0]).all()


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_drawn_neutral_changes_the_picture_there_and_almost_nowhere_else(specifications, region):
    moved = acting(still(specifications), **{f"unit_{unit}": 1.0 for unit in MOVING[region]})
    change = np.abs(draw_faces(moved).astype(float) - draw_faces(moved, neutral=region))
    index = REGIONS.index(region)
    # the region as it acts and as it rests, with the shading around it
    either = region_masks(moved)[:, index] | region_masks(still(specifications))[:, index]
    # (a dropped jaw takes the chin along)
    near = binary_dilation(either, iterations=7 if region == "mouth" else 4, axes=(1, 2))
    assert change.sum(axis=(1, 2)).min() > 0
    assert change[near].sum() > 0.9 * change.sum()


@pytest.mark.parametrize("region", REGIONS)
def test_a_face_at_rest_is_the_same_with_any_region_neutral(specifications, region):
    calm = still(specifications)
    np.testing.assert_array_equal(draw_faces(calm, neutral=region), draw_faces(calm))


def test_people_differ(specifications):
    for name in ("face_width", "skin", "hair", "eye_spacing", "brow_thickness", "nose_width", "age"):
        assert len(np.unique(specifications.identity[name])) > 16, name
    assert 0 < specify({"Training": 500}, seed=0).identity["glasses"].mean() < 0.3


def test_an_unknown_region_is_refused_with_the_nearest_name(specifications):
    with pytest.raises(InputError, match="unknown region of the face 'mouht': did you mean 'mouth'"):
        draw_faces(specifications, neutral="mouht")
