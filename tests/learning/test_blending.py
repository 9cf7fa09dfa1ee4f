"""Several networks answering together, and answers that no rounding decides."""

import os
import subprocess
import sys

import exact_answers
import keras
import numpy as np
import pytest
import scipy.special

from fer_nb.errors import InputError
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.prediction.blending import chosen, combined, fit_weights, member_scores, predict_classes
from fer_nb.learning.prediction.ensemble import Member, list_text, open_ensemble
from fer_nb.learning.prediction.test_time_augmentation import crop_shift, views


def constant(path, logits):
    """Save a network that answers the same logits to every image."""
    images = keras.Input((48, 48, 1), name="image")
    layer = keras.layers.Dense(len(logits), kernel_initializer="zeros")
    model = keras.Model(images, layer(keras.layers.GlobalAveragePooling2D()(images)))
    layer.bias.assign(logits)
    model.save(path)
    return path


FIRST, SECOND = [2.0, 1.9, 0, 0, 0, 0, 0], [0.0, 5.0, 0, 0, 0, 0, 0]
IMAGES = np.random.default_rng(0).integers(0, 256, (5, 48, 48)).astype(np.uint8)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    constant(folder / "first.keras", FIRST)
    constant(folder / "second.keras", SECOND)
    return folder


def test_weights_count_by_their_ratios_in_every_combination():
    stack = np.array([[[0.6, 0.4, 0, 0, 0, 0, 0]], [[0.1, 0.9, 0, 0, 0, 0, 0]]])
    np.testing.assert_allclose(combined(stack, [3, 1], combine="probabilities")[0, :2], [0.475, 0.525])
    np.testing.assert_allclose(combined(stack, [3, 1], combine="logits")[0, :2], [0.475, 0.525])
    np.testing.assert_allclose(combined(stack, [3, 1], combine="vote")[0, :2], [0.75, 0.25])


def test_the_lowest_class_wins_a_tie():
    votes = combined(np.eye(7)[[[4], [2]]], [1, 1], combine="vote")
    assert chosen(votes) == [2]


@pytest.mark.parametrize(("combine", "members"), [("probabilities", 25), ("logits", 5), ("vote", 5)])
def test_a_list_of_members_answers_as_computed_by_hand(tmp_path, combine, members):
    generator = np.random.default_rng(1)
    logits, weights = generator.normal(0, 2, (members, 7)), generator.integers(1, 6, members)
    for number, values in enumerate(logits):
        constant(tmp_path / f"{number}.keras", values)
    (tmp_path / "0.keras").rename(tmp_path / "C#.keras")
    names = ["C#", *range(1, members)]
    lines = [f"{weight}  {name}.keras" for name, weight in zip(names, weights, strict=True)]
    (tmp_path / "models.txt").write_text("# several networks\n\n" + "\n".join(lines) + " # the last\n")
    ensemble = open_ensemble([tmp_path / "models.txt"])
    assert [member.weight for member in ensemble] == weights.tolist()
    scores = {
        "probabilities": scipy.special.softmax(logits, axis=1),
        "logits": logits,
        "vote": np.eye(7)[logits.argmax(axis=1)],
    }[combine]
    expected = (weights[:, None] * scores).sum(axis=0).argmax()
    assert predict_classes(ensemble, IMAGES, combine=combine).tolist() == [expected] * 5


def test_what_is_blended_matters(pair):
    ensemble = [Member(pair / "first.keras", 9.0), Member(pair / "second.keras", 1.0)]
    stack = member_scores(ensemble, IMAGES[:1])
    np.testing.assert_allclose(stack[:, 0], scipy.special.softmax([FIRST, SECOND], axis=1), rtol=1e-6)
    answers = {
        combine: int(predict_classes(ensemble, IMAGES[:1], combine=combine)[0])
        for combine in ("probabilities", "logits", "vote")
    }
    assert answers == {"probabilities": 1, "logits": 1, "vote": 0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 gone.keras", r"models.txt: line 1: .*gone.keras: expected a run folder or a .keras file, found"),
        ("\n-1 first.keras", "models.txt: line 2: expected `weight path` with a weight of 0 or more"),
        ("nan first.keras", "models.txt: line 1: expected `weight path` with a weight of 0 or more"),
        ("first.keras", "models.txt: line 1: expected `weight path`"),
        ("1", "models.txt: line 1: expected `weight path`"),
        ("0 first.keras\n0 second.keras", "models.txt: expected a weight above 0, found only zeros"),
        ("# nothing\n\n", "models.txt: expected at least one `weight path` line, found none"),
        ("1 first.keras\n2 ./first.keras", "expected each network once, found it again"),
        ("1 first.keras\n1 five.keras", r"five.keras: expected a network from .* to 7 logits, found one .*5"),
        ("1 first.keras\n1 other.keras", r"other.keras: expected a Keras model, found something else"),
        ("1 empty", "expected a run folder with run.json"),
    ],
)
def test_a_list_that_is_wrong_is_told_in_one_line(pair, text, message):
    constant(pair / "five.keras", FIRST[:5])
    (pair / "other.keras").write_bytes(b"\x80\x04pickled")
    (pair / "empty").mkdir(exist_ok=True)
    (pair / "models.txt").write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        open_ensemble([pair / "models.txt"])
    assert "\n" not in str(caught.value)


def test_a_file_that_is_neither_network_nor_list_is_told(tmp_path):
    (tmp_path / "model.h5").write_bytes(b"\x89HDF\r\n\x1a\n\xff")
    with pytest.raises(InputError, match=r"model\.h5: expected a Keras model, found something else"):
        open_ensemble([tmp_path / "model.h5"])
    (tmp_path / "model.txt").write_bytes(b"\x89HDF\r\n\x1a\n\xff")
    with pytest.raises(InputError, match=r"expected a run folder, a .keras file or a text file of `weight"):
        open_ensemble([tmp_path / "model.txt"])


def test_a_list_written_elsewhere_finds_its_networks(pair, tmp_path):
    ensemble = [Member(pair / "first.keras", 0.25), Member(pair / "second.keras", 0.75)]
    path = tmp_path / "deep" / "fitted.txt"
    path.parent.mkdir()
    path.write_text(list_text(ensemble, path))
    assert str(pair) not in path.read_text()
    again = open_ensemble([path])
    assert [member.path.resolve() for member in again] == [member.path.resolve() for member in ensemble]
    assert [member.weight for member in again] == [0.25, 0.75]


def test_weights_are_fitted_to_the_likelihood_of_the_truth():
    given = np.zeros((2, 4, 7))
    given[0, :3, 2] = 1.0  # the first member knows three images, the second the fourth
    given[1, 3, 2] = 1.0
    np.testing.assert_allclose(fit_weights(given, [2, 2, 2, 2]), [0.75, 0.25], atol=1e-6)
    with pytest.raises(InputError, match="no member has learned from, found none"):
        fit_weights(given[:, :0], [])


@pytest.fixture(scope="module")
def undecided(tmp_path_factory):
    """A network that sums each image twice in another order, for classes 0 and 1, and images it ties on."""
    images = keras.Input((48, 48, 1), name="image")
    layer = keras.layers.Dense(7)
    model = keras.Model(images, layer(keras.layers.Flatten()(images)))
    generator = np.random.default_rng(2)
    kernel = generator.normal(0, 1, (48, 48, 7)).astype(np.float32)
    kernel[:, :, 1] = kernel[:, ::-1, 0]
    layer.set_weights([kernel.reshape(-1, 7), np.array([0, 0, *[-1e6] * 5], np.float32)])
    path = tmp_path_factory.mktemp("undecided") / "network.keras"
    model.save(path)
    half = generator.integers(0, 256, (64, 48, 24)).astype(np.uint8)
    return Member(path), np.concatenate([half, half[:, :, ::-1]], axis=2)


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_rounding_decides_no_answer(undecided, batch_size):
    member, images = undecided
    in_float32 = predict_logits(member.network(), images, batch_size=batch_size).argmax(axis=1)
    assert in_float32.any(), "the images are not as near to a tie as this test needs them"
    assert not predict_classes([member], images, batch_size=batch_size, combine="logits").any()


def test_a_network_saved_in_bfloat16_answers_in_float32(tmp_path):
    images = keras.Input((48, 48, 1), name="image")
    outputs = keras.layers.Dense(7, dtype="mixed_bfloat16")(keras.layers.Flatten()(images))
    keras.Model(images, outputs).save(tmp_path / "network.keras")
    network = Member(tmp_path / "network.keras").network()
    assert {layer.compute_dtype for layer in network.layers} == {"float32"}
    assert member_scores([Member(tmp_path / "network.keras")], IMAGES).shape == (1, 5, 7)


def test_views_are_the_image_its_mirror_image_and_the_ten_crops():
    assert len(list(views(IMAGES, "none", shift=2))) == 1
    same, mirrored = views(IMAGES, "flip", shift=2)
    np.testing.assert_array_equal(same, IMAGES)
    np.testing.assert_array_equal(mirrored, IMAGES[:, :, ::-1])
    crops = {view[:, 2:46, 2:46].tobytes() for view in views(IMAGES, "ten-crop", shift=2)}
    corners = [(2, 2), (0, 0), (0, 4), (4, 0), (4, 4)]
    for down, right in corners:
        crop = IMAGES[:, down : down + 44, right : right + 44]
        assert {crop.tobytes(), crop[:, :, ::-1].tobytes()} <= crops
    assert len(crops) == 10
    with pytest.raises(InputError, match="unknown test-time augmentation"):
        member_scores([], IMAGES, tta="flop")


def test_ten_crops_reach_as_far_as_the_networks_own_crop():
    images = keras.Input((48, 48, 1), name="image")
    cropped = keras.layers.Cropping2D(((4, 4), (4, 4)))(images)
    assert crop_shift(keras.Model(images, cropped)) == 4
    assert crop_shift(keras.Model(images, keras.layers.Flatten()(images))) == 2


def test_scores_are_averaged_over_the_views(tmp_path):
    images = keras.Input((48, 48, 1), name="image")
    layer = keras.layers.Dense(7, kernel_initializer=keras.initializers.RandomNormal(stddev=1e-3, seed=0))
    keras.Model(images, layer(keras.layers.Flatten()(images))).save(tmp_path / "network.keras")
    member = Member(tmp_path / "network.keras")
    both = [member_scores([member], view) for view in (IMAGES, IMAGES[:, :, ::-1])]
    np.testing.assert_allclose(member_scores([member], IMAGES, tta="flip"), np.mean(both, axis=0), atol=1e-6)


@pytest.mark.slow
def test_answers_are_the_same_bytes_for_any_batch_size_threads_and_process(tmp_path):
    answers = set(exact_answers.digests(tmp_path, [1, 128]))
    threads = "2" if os.environ.get("TF_NUM_INTRAOP_THREADS") == "1" else "1"  # other than here
    environment = os.environ | {"TF_NUM_INTRAOP_THREADS": threads, "OMP_NUM_THREADS": threads}
    command = [sys.executable, exact_answers.__file__, tmp_path, "7"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers |= set(done.stdout.splitlines())
    assert sorted(answer.split()[0] for answer in answers) == [
        "blend", "compact_cnn", "practice_cnn", "practice_dnn",
    ]  # fmt: skip
