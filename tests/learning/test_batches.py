import numpy as np
import pytest

from fer_nb.data.faces import Faces, numbered
from fer_nb.errors import InputError
from fer_nb.learning.training.batches import Batches


def some_faces(labels):
    """Image i has grey level i everywhere but for its left half, which is 100 brighter."""
    labels = np.array(labels, np.int8)
    images = np.zeros((len(labels), 48, 48), np.uint8) + np.arange(len(labels), dtype=np.uint8)[:, None, None]
    images[:, :, :24] += 100
    usage = np.zeros(len(labels), np.uint8)
    return Faces(images, labels, usage, numbered(usage), "some faces")


@pytest.fixture
def faces():
    return some_faces([0, 1, 2, 3, 4, 5, 6, 0, 0, 0])


def epoch(batches, number):
    """Images and labels of a whole epoch, in their order."""
    batches.start_epoch(number)
    parts = [batches[i][0] for i in range(len(batches))]
    return np.concatenate([p["image"] for p in parts]), np.concatenate([p["label"] for p in parts])


def numbers(images):
    return images[:, 0, 30].tolist()


def test_an_epoch_holds_every_image_once_with_its_label(faces):
    images, labels = epoch(Batches(faces, batch_size=4, seed=0), 0)
    assert sorted(numbers(images)) == list(range(10))
    assert labels.tolist() == faces.labels[numbers(images)].tolist()
    assert (images.dtype, labels.dtype) == (np.uint8, np.int32)


def test_the_last_batch_holds_the_rest(faces):
    batches = Batches(faces, batch_size=4, seed=0)
    assert [len(batches[i][0]["label"]) for i in range(len(batches))] == [4, 4, 2]
    assert batches.images_per_epoch == 10


def test_the_order_depends_on_seed_and_epoch_only(faces):
    def order(seed, number, batch_size=4):
        return numbers(epoch(Batches(faces, batch_size=batch_size, seed=seed), number)[0])

    assert order(1, 2) == order(1, 2) == order(1, 2, batch_size=3)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)
    batches = Batches(faces, batch_size=4, seed=1)
    assert [numbers(epoch(batches, e)[0]) for e in (5, 0, 2)][2] == order(1, 2)


def test_flipped_copies_double_the_images_and_are_mirrored(faces):
    batches = Batches(faces, batch_size=6, seed=0, flipped_copies=True)
    images, labels = epoch(batches, 0)
    assert len(images) == batches.images_per_epoch == 20
    mirrored = images[:, 0, 0] < images[:, 0, 47]
    assert sorted(images[~mirrored][:, 0, 30].tolist()) == list(range(10))
    assert sorted(images[mirrored][:, 0, 0].tolist()) == list(range(10))
    np.testing.assert_array_equal(images[mirrored][:, :, ::-1][:, 0, 0], images[mirrored][:, 0, 47])
    assert np.bincount(labels).tolist() == [8, 2, 2, 2, 2, 2, 2]
    assert faces.images[0, 0, 0] == 100  # the faces themselves are not mirrored


def test_balanced_classes_are_even_and_hold_every_image(faces):
    batches = Batches(faces, batch_size=8, seed=0, balance_classes=True)
    images, labels = epoch(batches, 0)
    assert np.bincount(labels).tolist() == [4] * 7
    assert set(numbers(images)) == set(range(10))
    assert batches.images_per_epoch == 28


def test_balancing_draws_its_repetitions_anew_each_epoch():
    faces = some_faces([0] * 12 + [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
    batches = Batches(faces, batch_size=8, seed=0, balance_classes=True)
    assert sorted(numbers(epoch(batches, 0)[0])) != sorted(numbers(epoch(batches, 1)[0]))


def test_balancing_refuses_a_class_without_an_image_which_is_a_warning_otherwise():
    faces = some_faces([0, 1, 2, 3, 4, 5])
    with pytest.raises(InputError, match=r"cannot be balanced: .* found none that is neutral"):
        Batches(faces, batch_size=4, seed=0, balance_classes=True)
    with pytest.warns(UserWarning, match="some faces: no training image is neutral"):
        Batches(faces, batch_size=4, seed=0)


def test_faces_without_a_label_or_none_at_all_are_refused(faces):
    with pytest.raises(InputError, match="needs labelled faces"):
        Batches(some_faces([0, -1]), batch_size=4, seed=0)
    with pytest.raises(InputError, match="expected images to train on, found none"):
        Batches(faces.take(np.zeros(10, bool)), batch_size=4, seed=0)
