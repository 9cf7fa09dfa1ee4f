"""What a set of faces is, what identifies it, and how validation is carved out of it."""

import hashlib

import numpy as np
import pytest

from fer_nb.data.faces import (
    Faces,
    carve_validation,
    concatenate,
    fingerprint,
    fingerprints,
    identical_groups,
    leaked,
    numbered,
    row_hashes,
    split_validation,
)
from fer_nb.errors import InputError


def flat(levels: list[int], labels: list[int], *, usage: int = 0) -> Faces:
    """Faces of one grey level each: equal levels are identical images."""
    images = np.empty((len(levels), 48, 48), np.uint8)
    images[:] = np.array(levels, np.uint8)[:, None, None]
    codes = np.full(len(levels), usage, np.uint8)
    return Faces(images, np.array(labels, np.int8), codes, numbered(codes), source="hand-made")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"images": np.zeros((2, 48, 47), np.uint8)},
            r"images of shape \(2, 48, 48\).*found shape \(2, 48, 47\)",
        ),
        ({"images": np.zeros((2, 48, 48), np.float32)}, "type float32"),
        ({"labels": np.zeros(3, np.int8)}, r"labels of shape \(2,\)"),
        ({"labels": np.array([0, 7], np.int8)}, "row 1 of labels: expected -1 to 6, found 7"),
        ({"labels": np.array([-2, 0], np.int8)}, "row 0 of labels: expected -1 to 6, found -2"),
        ({"usage": np.array([0, 4], np.uint8)}, "row 1 of usage: expected 0 to 3, found 4"),
        ({"ids": np.zeros(2, np.int32)}, "ids of shape"),
    ],
)
def test_faces_refuse_arrays_of_another_shape_type_or_range(change, words):
    columns = {
        "images": np.zeros((2, 48, 48), np.uint8),
        "labels": np.zeros(2, np.int8),
        "usage": np.zeros(2, np.uint8),
        "ids": np.arange(2),
    }
    with pytest.raises(InputError, match=f"^somewhere: .*{words}"):
        Faces(**columns | change, source="somewhere")


def test_faces_of_some_splits_stand_in_their_order_with_their_labels(faces):
    tests = faces.of("PrivateTest", "PublicTest")
    assert tests.labels.tolist() == [4, 5, 6]
    assert tests.counts() == {"Training": 0, "PublicTest": 2, "PrivateTest": 1, "unlabelled": 0}
    assert np.array_equal(tests.images, faces.images[4:])


def test_a_split_that_does_not_exist_is_refused_with_the_nearest_name(faces):
    with pytest.raises(InputError, match="did you mean 'PublicTest'"):
        faces.of("PublicTests")


def test_taking_rows_keeps_the_given_order(faces):
    assert faces.take(np.array([3, 0])).labels.tolist() == [3, 0]


def test_ids_are_row_numbers_within_a_split():
    assert numbered(np.array([1, 0, 1, 1, 0], np.uint8)).tolist() == [0, 0, 1, 2, 1]


def test_joined_parts_are_numbered_anew_but_keep_the_ids_of_unlabelled_rows():
    unlabelled = Faces(
        np.zeros((2, 48, 48), np.uint8),
        np.full(2, -1, np.int8),
        np.full(2, 3, np.uint8),
        np.array([7, 5]),
        source="test.csv",
    )
    joined = concatenate([flat([1], [0]), flat([2], [0]), unlabelled], source="all")
    assert joined.ids.tolist() == [0, 1, 7, 5]
    assert joined.source == "all"


def test_a_row_hash_is_the_sha256_of_label_and_pixels():
    face = flat([9], [-1])
    pixels = bytes([9]) * 2304
    assert row_hashes(face)[0].tobytes() == hashlib.sha256(b"\xff" + pixels).digest()
    assert row_hashes(face, with_labels=False)[0].tobytes() == hashlib.sha256(pixels).digest()


def test_a_fingerprint_is_the_sha256_of_the_sorted_row_hashes(faces):
    hashes = sorted(value.tobytes() for value in row_hashes(faces))
    assert fingerprint(faces) == hashlib.sha256(b"".join(hashes)).hexdigest()


def test_fingerprints_ignore_row_order_and_see_every_pixel_and_label(faces):
    assert fingerprint(faces.take(np.arange(7)[::-1])) == fingerprint(faces)
    assert fingerprints(faces.take(np.arange(7)[::-1])) == fingerprints(faces)
    assert list(fingerprints(faces)) == ["Training", "PublicTest", "PrivateTest"]
    images, labels = faces.images.copy(), faces.labels.copy()
    images[0, 47, 47] ^= 1
    labels[0] = 6
    columns = {"labels": faces.labels, "usage": faces.usage, "ids": faces.ids, "source": "noise"}
    assert fingerprint(Faces(images, **columns)) != fingerprint(faces)
    assert fingerprint(Faces(faces.images, **columns | {"labels": labels})) != fingerprint(faces)


def test_identical_images_share_a_group_and_others_do_not():
    groups = identical_groups(flat([5, 3, 5, 4, 3], [0] * 5).images)
    assert groups.tolist() == [2, 0, 2, 1, 0]
    assert identical_groups(np.empty((0, 48, 48), np.uint8)).tolist() == []


def test_validation_has_its_share_of_every_class():
    faces = flat(list(range(100)), [0] * 60 + [1] * 40)
    training, validation = split_validation(faces, share=0.2, seed=0)
    assert np.bincount(faces.labels[validation]).tolist() == [12, 8]
    assert np.array_equal(np.sort(np.concatenate([training, validation])), np.arange(100))


def test_validation_keeps_identical_images_on_one_side():
    faces = flat([level // 3 for level in range(150)], [level // 75 for level in range(150)])
    for seed in range(5):
        training, validation = split_validation(faces, share=0.3, seed=seed)
        assert not leaked(faces.take(validation), faces.take(training)).any()
        assert 40 <= len(validation) <= 50


def test_validation_is_the_same_for_the_same_seed_and_rows_in_any_order():
    faces = flat(list(range(100)), [0, 1] * 50)
    order = np.random.default_rng(1).permutation(100)
    _, validation = split_validation(faces, share=0.2, seed=3)
    _, shuffled = split_validation(faces.take(order), share=0.2, seed=3)
    _, other = split_validation(faces, share=0.2, seed=4)
    assert set(order[shuffled]) == set(validation)
    assert set(other) != set(validation)


def test_a_small_class_is_on_both_sides_and_one_of_equal_images_stays_in_training():
    faces = flat([*range(20), 30, 31, 40, 40], [0] * 20 + [1, 1] + [2, 2])
    training, validation = split_validation(faces, share=0.1, seed=0)
    assert np.bincount(faces.labels[validation], minlength=3).tolist() == [2, 1, 0]
    assert np.bincount(faces.labels[training], minlength=3).tolist() == [18, 1, 2]


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_a_validation_share_that_is_no_share_is_refused(share):
    with pytest.raises(InputError, match=f"above 0 and below 1, found {share}"):
        split_validation(flat([1, 2], [0, 0]), share=share, seed=0)


@pytest.mark.parametrize("faces", [flat([1], [0]), flat([], [])])
def test_too_few_rows_to_carve_validation_from_are_refused(faces):
    with pytest.raises(InputError, match="cannot carve 50% for validation"):
        split_validation(faces, share=0.5, seed=0)


def test_the_first_rows_are_validation_as_in_report_c():
    training, validation = carve_validation(flat([1, 2, 3, 4, 5], [0] * 5), 2, seed=0)
    assert (validation.tolist(), training.tolist()) == ([0, 1], [2, 3, 4])


@pytest.mark.parametrize("count", [0, 5, -1])
def test_a_number_of_first_rows_that_leaves_a_side_empty_is_refused(count):
    with pytest.raises(InputError, match=f"expected 1 to 4 of 5, found {count}"):
        carve_validation(flat([1, 2, 3, 4, 5], [0] * 5), count, seed=0)


def test_leaked_images_are_those_identical_to_a_training_image_whatever_the_label():
    test, training = flat([1, 2, 3], [0, 1, 2], usage=1), flat([3, 1, 9, 1], [2, 5, 0, 0])
    assert leaked(test, training).tolist() == [True, False, True]
    assert leaked(test, flat([], [])).tolist() == [False] * 3
