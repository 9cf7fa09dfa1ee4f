import hashlib
import json
import warnings

import keras
import numpy as np
import pytest

from fer_nb.data.faces import Faces, numbered, row_hashes
from fer_nb.errors import InputError
from fer_nb.learning.loading import load_network
from fer_nb.learning.run_folders import lock, remove, writing
from fer_nb.learning.runs import (
    Run,
    best_run,
    list_runs,
    read_run,
    write_facts,
)


def some_faces(levels):
    """Flat images of these grey levels, all of them PublicTest."""
    images = np.zeros((len(levels), 48, 48), np.uint8) + np.array(levels, np.uint8)[:, None, None]
    usage = np.ones(len(levels), np.uint8)
    return Faces(images, np.array(levels, np.int8) % 7, usage, numbered(usage), "some faces")


def test_a_folder_that_was_filled_appears_whole(tmp_path):
    with writing(tmp_path, "run-1") as folder:
        (folder / "model.keras").write_text("weights")
        assert not (tmp_path / "run-1").exists()
    assert (tmp_path / "run-1" / "model.keras").read_text() == "weights"
    assert [path.name for path in tmp_path.iterdir()] == ["run-1"]


def test_a_folder_that_could_not_be_filled_vanishes(tmp_path):
    with pytest.raises(InputError, match=r"run-1: .*found full"), writing(tmp_path, "run-1") as folder:
        (folder / "model.keras").write_text("wei")
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


FACTS = {
    "recipe": {"name": "tiny", "architecture": "tiny_cnn", "epochs": 1, "batch_size": 16},
    "source": {"zh": "測試", "en": "a test"}, "cost": {"zh": "無", "en": "none"}, "stated": {},
    "seed": 1, "epochs": 1, "kept_epoch": 1, "seconds": 0.5, "parameters": 9, "multiply_adds": 9,
    "data": {}, "training_images": 9, "images_per_epoch": 9, "versions": {}, "device": {"zh": "x", "en": "x"},
    "metrics": {"test": {"all": {"accuracy": 0.5, "low": 0.1, "high": 0.9, "n": 2}}},
}  # fmt: skip


def test_runs_are_listed_by_name_and_half_written_ones_are_none(tmp_path):
    for name in ("b-2", "a-1", ".c-3.writing"):
        (tmp_path / name).mkdir()
        write_facts(tmp_path / name, FACTS)
    (tmp_path / "d-4.partial").mkdir()
    (tmp_path / "locks").mkdir()
    assert [run.name for run in list_runs(tmp_path)] == ["a-1", "b-2"]
    assert list_runs(tmp_path / "nothing") == []


def test_the_best_run_has_the_highest_validation_accuracy_among_those_not_on_practice_faces(tmp_path):
    def reaching(name, accuracy, practice):
        (tmp_path / name).mkdir()
        score = {"accuracy": accuracy, "low": 0, "high": 1, "n": 2}
        told = {"data": {"practice": practice}, "metrics": {"validation": {"all": score}}}
        write_facts(tmp_path / name, FACTS | told)

    with pytest.raises(InputError, match="expected trained networks"):
        best_run(tmp_path)
    reaching("drawn-1", 0.9, True)
    assert best_run(tmp_path).name == "drawn-1"
    reaching("a-2", 0.6, False)
    reaching("b-3", 0.5, False)
    assert best_run(tmp_path).name == "a-2"


def test_a_folder_without_a_run_and_facts_that_are_no_json_are_told(tmp_path):
    with pytest.raises(InputError, match=r"expected a run folder with run\.json, found none"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("{half")
    with pytest.raises(InputError, match=r"run\.json: expected the facts of a run as JSON"):
        read_run(tmp_path)


BAD_FACTS = {
    "empty": "", "half": '{"recipe"', "a list": "[]", "nothing": "null", "deep": "[" * 100_000,
    "no facts": "{}", "not UTF-8": b"\xff\xfe", "a word for the seed": json.dumps(FACTS | {"seed": "1"}),
    "an unknown setting": json.dumps(FACTS | {"recipe": FACTS["recipe"] | {"colour": 1}}),
    "no epochs": json.dumps(FACTS | {"recipe": FACTS["recipe"] | {"epochs": 0}}),
    "metrics that are none": json.dumps(FACTS | {"metrics": {"test": 0.5}}),
}  # fmt: skip


@pytest.mark.parametrize("content", BAD_FACTS.values(), ids=BAD_FACTS)
def test_one_bad_run_is_told_in_one_line_and_hides_no_other(content, tmp_path):
    for name in ("a-1", "b-2"):
        (tmp_path / name).mkdir()
        write_facts(tmp_path / name, FACTS)
    (tmp_path / "a-1" / "run.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=r"a-1.run\.json") as caught:
        read_run(tmp_path / "a-1")
    assert "\n" not in str(caught.value)
    with pytest.warns(UserWarning, match=r"left out: .*a-1.run\.json"):
        assert [run.name for run in list_runs(tmp_path)] == ["b-2"]


def trained(folder, content):
    """A run whose training wrote one file of this content."""
    folder.mkdir()
    (folder / "logits.npz").write_bytes(content)
    return Run(folder, FACTS | {"files": {"logits.npz": hashlib.sha256(content).hexdigest()}})


def test_a_file_of_another_run_is_told_by_its_hash(tmp_path):
    run, other = trained(tmp_path / "a", b"one"), trained(tmp_path / "b", b"another")
    assert run.file("logits.npz") == tmp_path / "a" / "logits.npz"
    (other.folder / "logits.npz").replace(run.folder / "logits.npz")
    with pytest.raises(InputError, match=r"a.logits\.npz: expected the file that this run's .*another one"):
        run.file("logits.npz")
    with pytest.raises(InputError, match=r"b.logits\.npz: expected a file of this run, found nothing there"):
        other.file("logits.npz")


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut", b"junk"])
def test_damaged_logits_and_histories_of_old_runs_are_told(content, tmp_path):
    run = Run(tmp_path, FACTS)
    (tmp_path / "logits.npz").write_bytes(content)
    (tmp_path / "history.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"logits\.npz: expected PublicTest, found damage"):
        run.logits("PublicTest")
    with pytest.raises(InputError, match=r"history\.csv: expected a row an epoch, found damage"):
        run.history()


def test_a_run_is_removed_after_a_removal_that_was_killed(tmp_path):
    (tmp_path / "a-1").mkdir()
    (tmp_path / ".a-1.removed").mkdir()
    (tmp_path / ".a-1.removed" / "model.keras").write_text("left")
    remove(tmp_path / "a-1")
    assert [path.name for path in tmp_path.iterdir()] == ["locks"]


def test_a_folder_of_runs_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="expected a folder that can be written, found Not a directory"):
        lock(tmp_path / "file" / "runs", "a-1")


def test_of_equal_images_no_more_than_were_held_out_count_as_held_out(tmp_path):
    twice = some_faces([3, 3, 5])
    (tmp_path / "run-1").mkdir()
    np.savez(tmp_path / "run-1" / "logits.npz", validation_hashes=row_hashes(twice.take(np.array([0]))))
    assert Run(tmp_path / "run-1", FACTS).validated_on(twice).tolist() == [True, False, False]


def test_facts_keep_their_chinese(tmp_path):
    write_facts(tmp_path, {"source": {"zh": "報告", "en": "report"}})
    assert "報告" in (tmp_path / "run.json").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["source"]["en"] == "report"


def test_a_lock_is_held_by_one(tmp_path):
    from filelock import Timeout

    with lock(tmp_path, "run-1"), pytest.raises(Timeout), lock(tmp_path, "run-1").acquire(timeout=0.01):
        pass
    with lock(tmp_path, "run-1").acquire(timeout=0.01):
        pass


def test_logits_stand_in_the_order_of_the_faces_asked_for(tmp_path):
    from fer_nb.data.faces import row_hashes

    stored, asked = some_faces([5, 3, 9, 3]), some_faces([3, 9, 3, 5])
    logits = np.arange(4, dtype=np.float32)[:, None] + np.zeros(7, np.float32)
    logits[3] = logits[1]  # of the same image
    np.savez(tmp_path / "logits.npz", PublicTest=logits, PublicTest_hashes=row_hashes(stored))
    run = Run(tmp_path, {})
    np.testing.assert_array_equal(run.logits("PublicTest")[:, 0], [0, 1, 2, 1])
    found = run.in_order_of({"PublicTest": asked}, np.array([7, 8]))
    np.testing.assert_array_equal(found.logits("PublicTest")[:, 0], [1, 2, 1, 0])
    assert found.validation_rows().tolist() == [7, 8]


def test_a_network_file_that_is_none_is_told_in_one_line(tmp_path):
    damaged = tmp_path / "damaged.keras"
    damaged.write_bytes(b"no archive")
    for path, message in (
        (tmp_path / "none.keras", r"none\.keras: expected a \.keras file, found nothing"),
        (tmp_path, "expected a .keras file, found a folder"),
        (damaged, r"damaged\.keras: expected a Keras model, found something else"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            load_network(path)
        assert "\n" not in str(caught.value)


def test_a_network_of_another_shape_is_told(tmp_path):
    images = keras.Input((48, 48, 3))
    model = keras.Model(images, keras.layers.Dense(7)(keras.layers.Flatten()(images)))
    model.save(tmp_path / "colour.keras")
    with pytest.raises(InputError, match=r"from \(48, 48, 1\) to 7 logits, found one from \(48"):
        load_network(tmp_path / "colour.keras")


def test_code_in_a_network_file_is_never_run(tmp_path):
    images = keras.Input((48, 48, 1))
    x = keras.layers.Lambda(lambda values: values * 2)(images)
    model = keras.Model(images, keras.layers.Dense(7)(keras.layers.Flatten()(x)))
    model.save(tmp_path / "code.keras")
    with pytest.raises(InputError, match="expected a Keras model, found something else"):
        load_network(tmp_path / "code.keras")


def ending(*ends, nested=False):
    """A network whose last dense layer is followed by `ends`, or has the first of them as its activation."""
    activation = ends[0] if ends and isinstance(ends[0], str) else None
    layers = [keras.layers.Flatten(), keras.layers.Dense(7, activation=activation, name="dense")]
    layers += [layer for layer in ends if not isinstance(layer, str)]
    network = keras.Sequential([keras.Input((48, 48, 1), name="image"), *layers])
    if nested:
        images = keras.Input((48, 48, 1), name="image")
        network = keras.Model(images, network(images))
    return network


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
@pytest.mark.parametrize("file", ["network.keras", "network.h5"])
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("end", ["activation", "layer", "activation layer"])
def test_a_softmax_at_the_end_of_a_network_is_undone(end, nested, file, tmp_path):
    ends = {
        "activation": ["softmax"],
        "layer": [keras.layers.Softmax()],
        "activation layer": [keras.layers.Activation("softmax")],
    }[end]
    generator = np.random.default_rng(0)
    weights = [generator.normal(0, 1e-4, (2304, 7)).astype(np.float32), np.arange(7, dtype=np.float32)]
    images = generator.integers(0, 256, (3, 48, 48, 1)).astype(np.float32)
    for path, parts in ((tmp_path / "logits.keras", []), (tmp_path / file, ends)):
        network = ending(*parts, nested=nested)
        network.set_weights(weights)
        network.save(path)
    logits, undone = (load_network(path)(images) for path in (tmp_path / "logits.keras", tmp_path / file))
    # Logits are the same up to a number that is added to all seven.
    shift = np.asarray(undone) - np.asarray(logits)
    np.testing.assert_allclose(shift, shift[:, :1].repeat(7, axis=1), atol=1e-4)
    assert np.ptp(np.asarray(undone), axis=1).min() > 1


def test_networks_that_are_no_answer_to_a_face_are_told(tmp_path):
    images, colour = keras.Input((48, 48, 1)), keras.Input((48, 48, 3))
    flat = keras.layers.Flatten()(images)
    kinds = {
        "a layer": keras.layers.Dense(7),
        "unbuilt": keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(7)]),
        "two answers": keras.Model(images, [keras.layers.Dense(7)(flat), keras.layers.Dense(7)(flat)]),
        "two inputs": keras.Model(
            [images, colour],
            keras.layers.Dense(7)(keras.layers.Concatenate()([flat, keras.layers.Flatten()(colour)])),
        ),
        "one image": keras.Model(
            one := keras.Input(batch_shape=(1, 48, 48, 1)), keras.layers.Dense(7)(keras.layers.Flatten()(one))
        ),
        "classes": keras.Model(images, keras.ops.cast(keras.layers.Dense(7)(flat), "int32")),
    }
    for name, network in kinds.items():
        path = tmp_path / f"{name}.keras"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns of a network that is not built
            keras.saving.save_model(network, path)
        with pytest.raises(InputError, match=f"{name}.keras: expected a (network|Keras model)") as caught:
            load_network(path)
        assert "\n" not in str(caught.value)
