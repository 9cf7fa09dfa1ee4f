import pytest

from fer_nb.errors import InputError
from fer_nb.learning.transforms.settings import PRESETS, AugmentationSettings, augmentation_preset


def test_every_report_has_its_preset():
    assert set(PRESETS) >= {
        "none", "flip", "shift_flip", "affine_nearest", "affine_constant", "balanced", "champion", "practice",
    }  # fmt: skip
    assert [name for name, settings in PRESETS.items() if settings.balance_classes] == ["balanced"]


def test_an_unknown_preset_is_told_with_the_nearest_name():
    with pytest.raises(
        InputError, match="unknown augmentation preset 'shiftflip': did you mean 'shift_flip'"
    ):
        augmentation_preset("shiftflip")
    with pytest.raises(InputError, match="unknown augmentation preset '5'"):
        augmentation_preset(5)


def test_one_part_of_a_preset_is_that_part_alone_with_the_preset_s_fill():
    assert augmentation_preset("compact/rotation") == AugmentationSettings(rotation=7)
    shear = augmentation_preset("affine_constant/shear")
    assert shear == AugmentationSettings(shear=10, fill="constant", fill_value=0)
    with pytest.raises(
        InputError, match="unknown part of augmentation 'practice' 'shiftt': did you mean 'shift'"
    ):
        augmentation_preset("practice/shiftt")
    with pytest.raises(InputError, match="unknown part of augmentation 'flip' 'rotation'"):
        augmentation_preset("flip/rotation")


def test_strength_multiplies_every_range_and_leaves_probabilities_below_what_they_were():
    settings = AugmentationSettings(
        rotation=20, shift=0.1, shear=4, zoom=(0.8, 1.2), flip=0.5, crop_shift=2, brightness=0.1,
        contrast=0.2, erase=0.4,
    )  # fmt: skip
    half, double = settings.scaled(0.5), settings.scaled(2)
    assert (half.rotation, half.shift, half.shear, half.crop_shift) == (10, 0.05, 2, 1)
    assert half.zoom == pytest.approx((0.9, 1.1))
    assert (half.brightness, half.contrast, half.flip, half.erase) == (0.05, 0.1, 0.25, 0.2)
    assert double.zoom == pytest.approx((0.6, 1.4))
    assert (double.rotation, double.flip, double.erase) == (40, 0.5, 0.4)
    assert settings.scaled(1) == settings


@pytest.mark.parametrize("name", PRESETS)
def test_strength_zero_is_no_augmentation(name):
    settings = augmentation_preset(name).scaled(0)
    assert not settings.resamples
    assert not (settings.brightness or settings.contrast or settings.erase or settings.balance_classes)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rotation": -1}, "augmentation: rotation: expected a number from 0 to 180, found -1"),
        ({"rotation": float("nan")}, "augmentation: rotation: expected a number from 0 to 180, found nan"),
        ({"shift": 1.5}, "augmentation: shift: expected a number from 0 to 1, found 1.5"),
        ({"zoom": (1.2, 0.8)}, "augmentation: zoom: expected (smallest, largest) within 0.1 to 10"),
        ({"zoom": (0, 2)}, "augmentation: zoom"),
        ({"flip": 2}, "augmentation: flip"),
        ({"crop_shift": 30}, "augmentation: crop_shift: expected a whole number from 0 to 24, found 30"),
        ({"crop_shift": 1.5}, "augmentation: crop_shift: expected a whole number from 0 to 24, found 1.5"),
        ({"fill": "nearst"}, "unknown fill of augmentation 'nearst': did you mean 'nearest'?"),
        ({"fill_value": 256}, "augmentation: fill_value: expected a number from 0 to 255, found 256"),
        ({"erase_area": (0.5, 0.1)}, "augmentation: erase_area"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_in_one_line(setting, message):
    with pytest.raises(InputError) as caught:
        AugmentationSettings(**setting)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("strength", [-1, float("nan"), float("inf"), 10])
def test_a_strength_that_is_negative_or_leaves_the_bounds_is_refused(strength):
    with pytest.raises(InputError, match="augmentation"):
        AugmentationSettings(zoom=(0.8, 1.2)).scaled(strength)
