import json

import keras
import numpy as np
import pytest

from fer_nb.data.faces import Faces, numbered
from fer_nb.errors import InputError
from fer_nb.learning.runs import Run, list_runs, load_network, lock, read_run, run_key, write_facts, writing


def some_faces(levels):
    """Flat images of these grey levels, all of them PublicTest."""
    images = np.zeros((len(levels), 48, 48), np.uint8) + np.array(levels, np.uint8)[:, None, None]
    usage = np.ones(len(levels), np.uint8)
    return Faces(images, np.array(levels, np.int8) % 7, usage, numbered(usage), "some faces")


def test_a_key_depends_on_every_value_and_on_no_order():
    assert run_key(a=1, b=[1, 2]) == run_key(b=[1, 2], a=1)
    assert len({run_key(a=1), run_key(a=2), run_key(b=1), run_key(a=None), run_key(a=1, b=1)}) == 5
    assert len(run_key(a=1)) == 12


def test_a_folder_that_was_filled_appears_whole(tmp_path):
    with writing(tmp_path, "run-1") as folder:
        (folder / "model.keras").write_text("weights")
        assert not (tmp_path / "run-1").exists()
    assert (tmp_path / "run-1" / "model.keras").read_text() == "weights"
    assert [path.name for path in tmp_path.iterdir()] == ["run-1"]


def test_a_folder_that_could_not_be_filled_vanishes(tmp_path):
    with pytest.raises(OSError, match="full"), writing(tmp_path, "run-1") as folder:
        (folder / "model.keras").write_text("wei")
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


def test_runs_are_listed_by_name_and_half_written_ones_are_none(tmp_path):
    for name in ("b-2", "a-1", ".c-3.writing"):
        (tmp_path / name).mkdir()
        write_facts(tmp_path / name, {"name": name})
    (tmp_path / "d-4.partial").mkdir()
    (tmp_path / "locks").mkdir()
    assert [run.name for run in list_runs(tmp_path)] == ["a-1", "b-2"]
    assert list_runs(tmp_path / "nothing") == []


def test_a_folder_without_a_run_and_facts_that_are_no_json_are_told(tmp_path):
    with pytest.raises(InputError, match=r"expected a run folder with run\.json, found none"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("{half")
    with pytest.raises(InputError, match=r"run\.json: expected the facts of a run as JSON"):
        read_run(tmp_path)


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
