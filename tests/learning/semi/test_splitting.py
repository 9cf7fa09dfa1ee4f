import ast
import gc
import inspect
from pathlib import Path

import numpy as np
import pytest

from fer_nb.data.faces import Faces, leaked
from fer_nb.errors import InputError
from fer_nb.learning import semi
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi.protocols import PROTOCOLS, get_protocol
from fer_nb.learning.semi.splitting import hide_labels, labelled_split


@pytest.fixture(scope="module")
def hidden(sorted_faces):
    """(faces for training, counter), half of the labels hidden."""
    return hide_labels(sorted_faces, 0.5, 1)


@pytest.fixture(scope="module")
def truth(sorted_faces, hidden):
    """The hidden labels, found by the pixels."""
    pool = hidden[0].of("unlabelled")
    by_pixels = {image.tobytes(): label for image, label in zip(sorted_faces.images, sorted_faces.labels,
                                                                strict=True)}  # fmt: skip
    return np.array([by_pixels[image.tobytes()] for image in pool.images], np.int8)


def pseudo(pool, labels):
    return Faces(pool.images, labels, np.zeros(len(pool), np.uint8), pool.ids, pool.source)


# --- out of reach


def reachable(start):
    """Every object that can be reached from one, but for code and modules."""
    found, waiting = {}, [start]
    while waiting:
        item = waiting.pop()
        if id(item) in found or inspect.ismodule(item) or isinstance(item, type):
            continue
        found[id(item)] = item
        waiting += gc.get_referents(item)
        if isinstance(item, np.ndarray) and item.base is not None:
            waiting.append(item.base)
    return list(found.values())


def test_no_hidden_label_can_be_reached_from_what_training_gets(hidden):
    arrays = [item for item in reachable(hidden[0]) if isinstance(item, np.ndarray)]
    assert any(array.dtype == np.uint8 and array.ndim == 3 for array in arrays)
    labels = [array for array in arrays if array.dtype == np.int8]
    assert labels
    for array in labels:
        assert len(array) == len(hidden[0])
        assert (array[hidden[0].usage == 3] == -1).all()


def test_neither_order_nor_ids_of_hidden_rows_tell_their_classes(hidden, truth):
    pool = hidden[0].of("unlabelled")
    assert pool.ids.tolist() == list(range(70))
    assert np.mean(truth[:-1] == truth[1:]) < 0.4  # 1/7 by chance; the file's order has 63 of 69
    assert pool.source == "sorted faces"


def test_the_file_order_does_not_decide_what_is_hidden(sorted_faces, hidden):
    order = np.random.default_rng(1).permutation(len(sorted_faces))
    again, _ = hide_labels(sorted_faces.take(order), 0.5, 1)
    np.testing.assert_array_equal(again.of("unlabelled").images, hidden[0].of("unlabelled").images)


def test_no_training_code_can_count_right_pseudo_labels():
    for name in ("self_training", "pseudo_labels", "protocols", "labelling"):
        tree = ast.parse(Path(semi.__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                 for alias in node.names}  # fmt: skip
        assert not {"hide_labels", "labelled_split", "PseudoLabelCounts", "splitting"} & names


def test_the_counter_answers_with_counts_alone(hidden, truth):
    faces, count = hidden
    answer = count(pseudo(faces.of("unlabelled"), truth))
    for counts in vars(answer).values():
        assert len(counts) == 7
        assert all(type(number) is int for number in counts)
    assert not vars(count)


# --- what is hidden, and what is right


def test_every_class_hides_its_share_and_tests_stay_as_they_were(sorted_faces, hidden):
    faces, count = hidden
    assert np.bincount(faces.of("Training").labels).tolist() == [10] * 7
    none = faces.of("unlabelled").take(np.arange(0))
    assert count(none).pool == (10,) * 7
    np.testing.assert_array_equal(faces.of("PublicTest").labels, sorted_faces.of("PublicTest").labels)
    assert faces.counts() == {"Training": 70, "PublicTest": 14, "PrivateTest": 14, "unlabelled": 70}


def test_pseudo_labels_are_counted_by_class(hidden, truth):
    faces, count = hidden
    guesses = np.where(truth == 0, 3, truth).astype(np.int8)  # every angry face is taken for happy
    some = pseudo(faces.of("unlabelled"), guesses).take(np.random.default_rng(0).permutation(70))
    answer = count(some)
    assert answer.kept == (0, 10, 10, 20, 10, 10, 10)
    assert answer.right == (0, 10, 10, 10, 10, 10, 10)


def test_identical_images_are_hidden_together(sorted_faces):
    images = sorted_faces.images.copy()
    images[0:140:2] = images[1:140:2]
    faces = Faces(images, sorted_faces.labels, sorted_faces.usage, sorted_faces.ids, "twins")
    hidden, _ = hide_labels(faces, 0.5, 1)
    assert not leaked(hidden.of("unlabelled"), hidden.of("Training")).any()


def test_transductive_takes_the_test_images_in_without_their_labels(sorted_faces):
    faces, count = hide_labels(sorted_faces, 0.5, 1, transductive=True)
    assert faces.counts() == {"Training": 70, "PublicTest": 14, "PrivateTest": 14, "unlabelled": 70 + 28 + 5}
    pool = faces.of("unlabelled")
    assert (pool.labels == -1).all()
    zeros = pseudo(pool, np.zeros(len(pool), np.int8))
    answer = count(zeros)
    assert sum(answer.pool) == sum(answer.kept) == 98  # the five that nobody knows are left out
    assert sum(answer.right) == 10 + 4


@pytest.mark.parametrize("share", [0, 1, -0.5, 2])
def test_a_share_out_of_range_is_refused(sorted_faces, share):
    with pytest.raises(InputError, match="expected above 0 and below 1"):
        hide_labels(sorted_faces, share, 1)


def test_report_b_labelled_splits_four_to_one_to_one(sorted_faces):
    recipe = get_recipe("shallow_cnn")
    faces, validation, _ = labelled_split(sorted_faces, get_protocol("report_b"), recipe, seed=1)
    sizes = faces.counts()["Training"], faces.counts()["unlabelled"], len(validation)
    assert sum(sizes) == 140
    assert [round(6 * size / 140) for size in sizes] == [4, 1, 1]
    assert not leaked(validation, faces.of("Training", "unlabelled")).any()


def test_validation_is_the_recipes_own_where_the_protocol_leaves_it_and_the_same_for_every_share(
    sorted_faces,
):
    protocol = get_protocol("report_c")
    recipe = get_recipe("three_block_cnn").replace(validation=24)
    for share in (0.5, 0.8):
        faces, validation, _ = labelled_split(sorted_faces, protocol.replace(hidden=share), recipe, seed=1)
        np.testing.assert_array_equal(validation.images, sorted_faces.images[:24])
        assert faces.counts()["unlabelled"] == pytest.approx(share * 116, abs=6)
    assert all(entry.validation is None or name == "report_b" for name, entry in PROTOCOLS.items())
