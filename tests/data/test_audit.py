"""What the audit finds in a handful of images made for it, and in FER2013."""

import json

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from fer_nb.data.audit import audit, deviations, near_groups, perceptual_hashes
from fer_nb.data.faces import Faces, identical_groups, numbered
from fer_nb.data.formats import read_faces

RAMP = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (48, 1))


def made(images: list[np.ndarray], labels: list[int], usage: list[int]) -> Faces:
    codes = np.array(usage, np.uint8)
    return Faces(np.stack(images), np.array(labels, np.int8), codes, numbered(codes), source="hand-made")


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (48, 48), dtype=np.uint8)


def grey(level: int) -> np.ndarray:
    return np.full((48, 48), level, np.uint8)


def test_duplicates_leaks_conflicts_and_blanks_are_counted():
    a, b, c = noise(1), noise(2), noise(3)
    speck = grey(100)
    speck[0, 0] = 101
    images = [a, a, a, b, b, c, c, noise(4), grey(0), grey(0), grey(50), speck]
    labels = [0, 0, 1, 2, 2, 3, -1, 4, 5, 5, 5, 5]
    usage = [0, 0, 1, 0, 0, 1, 3, 2, 0, 0, 0, 0]
    report = audit(made(images, labels, usage))
    assert report["images"] == 12
    assert (report["duplicate_groups"], report["duplicate_images"]) == (
        4,
        9,
    )  # aaa, bb, cc, the two of grey 0
    assert report["groups_across_splits"] == 2  # aaa and cc
    assert report["groups_with_conflicting_labels"] == 1  # aaa; an unknown label conflicts with none
    assert report["leaked_images"] == {"PublicTest": 1, "PrivateTest": 0, "unlabelled": 0}
    assert (report["flat_images"], report["nearly_flat_images"]) == (3, 1)
    assert (report["near_duplicate_groups"], report["near_duplicate_images"]) == (0, 0)


def test_class_shares_are_given_for_each_split_with_labels():
    faces = made([noise(k) for k in range(5)], [0, 0, 6, 3, -1], [0, 0, 0, 2, 3])
    report = audit(faces)
    assert report["class_counts"] == {"Training": [2, 0, 0, 0, 0, 0, 1], "PrivateTest": [0, 0, 0, 1, 0, 0, 0]}
    assert report["class_shares"]["Training"] == pytest.approx([2 / 3, 0, 0, 0, 0, 0, 1 / 3])


def test_a_brighter_and_a_slightly_noisy_copy_are_near_duplicates_and_another_image_is_not():
    face = 120 + 400 * gaussian_filter(np.random.default_rng(9).normal(0, 1, (48, 48)), 3)
    brighter = face + 10
    noisy = face + np.random.default_rng(0).normal(0, 2, (48, 48))
    images = [np.clip(image, 0, 255).astype(np.uint8) for image in (face, brighter, noisy)]
    report = audit(made([*images, images[0], noise(1)], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0]))
    assert (report["near_duplicate_groups"], report["near_duplicate_images"]) == (1, 4)
    assert report["near_duplicate_groups_across_splits"] == 1
    assert report["near_duplicate_groups_with_conflicting_labels"] == 1
    assert report["duplicate_groups"] == 1


def test_flat_images_are_no_near_duplicates_of_one_another():
    images = np.stack([grey(10), grey(11), grey(10)])
    groups = near_groups(images, identical_groups(images))
    assert groups[0] == groups[2] != groups[1]


def test_a_hash_does_not_see_brightness_or_contrast():
    hashes = perceptual_hashes(np.stack([noise(0), noise(0) // 2 + 20, noise(1)]))
    assert np.bitwise_count(hashes[0] ^ hashes[1]) <= 4 < np.bitwise_count(hashes[0] ^ hashes[2])


def test_deviation_is_numpys_and_exactly_zero_for_one_grey_level():
    images = np.stack([noise(0), RAMP, grey(77)])
    assert deviations(images) == pytest.approx(images.reshape(3, -1).std(axis=1))
    assert deviations(images)[2] == 0


def test_no_images_at_all_give_zeros():
    report = audit(made([noise(0)], [0], [0]).take(np.array([], np.int64)))
    assert (report["images"], report["duplicate_groups"], report["near_duplicate_groups"]) == (0, 0, 0)
    assert report["class_counts"] == {}


def test_the_numbers_are_ready_for_json():
    numbers = audit(made([noise(0), noise(0)], [0, 1], [0, 1]))
    assert json.loads(json.dumps(numbers))["duplicate_groups"] == 1


@pytest.mark.real
def test_fer2013_has_the_duplicates_conflicts_and_blanks_that_are_known_of_it(real_parquet):
    report = audit(read_faces(real_parquet))
    assert (report["duplicate_groups"], report["duplicate_images"]) == (1516, 3369)
    assert report["groups_across_splits"] == 557
    assert report["groups_with_conflicting_labels"] == 57
    assert report["flat_images"] == 12
