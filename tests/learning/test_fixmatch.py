import math
from dataclasses import replace

import numpy as np
import pytest

from fer_nb.data.faces import UNKNOWN, USAGES, Faces
from fer_nb.errors import InputError
from fer_nb.learning.precision import network_weights
from fer_nb.learning.training import continue_run, find_or_train, loop
from fer_nb.learning.training import plan as plan_room
from fer_nb.learning.training.batches import Batches
from fer_nb.learning.training.fixmatch import unlabelled_loss
from fer_nb.learning.training.plan import make_plan


@pytest.fixture(scope="module")
def hidden(faces):
    """The tiny faces, half of the Training rows without their label."""
    half = (faces.usage == 0) & (np.arange(len(faces)) % 2 == 0)
    usage = np.where(half, USAGES.index("unlabelled"), faces.usage).astype(np.uint8)
    labels = np.where(half, UNKNOWN, faces.labels).astype(np.int8)
    return Faces(faces.images, labels, usage, faces.ids, faces.source)


def arrays(run):
    with np.load(run.folder / "checkpoint.npz") as stored:
        return {name: stored[name] for name in stored.files if name != "standing"}


def test_only_sure_answers_count_and_the_mean_is_over_all_images():
    sure, unsure = [20.0, 0, 0, 0, 0, 0, 0], [0.1, 0, 0, 0, 0, 0, 0]
    even = np.zeros((4, 7), np.float32)  # cross-entropy log 7 against any class
    weak = np.array([sure, unsure, sure, unsure], np.float32)
    assert float(unlabelled_loss(weak, even, confidence=0.95)) == pytest.approx(math.log(7) / 2)
    assert float(unlabelled_loss(weak, even, confidence=0.0)) == pytest.approx(math.log(7))
    assert float(unlabelled_loss(weak, weak, confidence=0.95)) == pytest.approx(0, abs=1e-6)


def test_a_batch_holds_its_share_of_unlabelled_images_and_each_comes_once_before_any_comes_again(faces):
    unlabelled = np.zeros((10, 48, 48), np.uint8) + np.arange(10, dtype=np.uint8)[:, None, None]
    batches = Batches(faces.take(np.arange(14)), batch_size=4, seed=0, unlabelled=unlabelled,
                      unlabelled_ratio=2)  # fmt: skip
    parts = [batches[i][0] for i in range(len(batches))]
    assert [(len(part["image"]), len(part["unlabelled"])) for part in parts] == [(4, 8)] * 3 + [(2, 4)]
    numbers = np.concatenate([part["unlabelled"][:, 0, 0] for part in parts])
    assert sorted(numbers[:10]) == sorted(numbers[10:20]) == list(range(10))
    batches.start_epoch(1)
    assert batches[0][0]["unlabelled"][:, 0, 0].tolist() != numbers[:8].tolist()


def test_it_learns_from_the_images_without_a_label_and_stands_apart_from_supervised_runs(
    tiny, hidden, tmp_path
):
    recipe = tiny.recipe(unlabelled_ratio=2, confidence=0.5)
    run = find_or_train(recipe, hidden, seed=1, runs=tmp_path, progress="none")
    other = Faces(255 - hidden.images, hidden.labels, hidden.usage, hidden.ids, hidden.source)
    mixed = hidden.images.copy()
    mixed[hidden.usage == 3] = other.images[hidden.usage == 3]
    changed = Faces(mixed, hidden.labels, hidden.usage, hidden.ids, hidden.source)
    again = find_or_train(recipe, changed, seed=1, runs=tmp_path, progress="none")
    pairs = zip(network_weights(run.network()), network_weights(again.network()), strict=True)
    assert not all(np.array_equal(a, b) for a, b in pairs)
    assert run.recipe == recipe
    assert run.facts["training_images"] < 49
    assert make_plan(tiny.recipe(), hidden, seed=1).name not in (run.name, again.name)


def test_supervised_recipes_keep_the_settings_from_which_their_runs_are_found(tiny):
    assert not {"unlabelled_ratio", "confidence"} & set(tiny.recipe(confidence=0.5).settings())
    assert tiny.recipe(unlabelled_ratio=7).settings()["confidence"] == 0.95


def test_interrupted_it_ends_with_the_same_arrays(tiny, hidden, tmp_path, monkeypatch):
    recipe = tiny.recipe(**tiny.FULL | {"epochs": 3, "unlabelled_ratio": 2, "confidence": 0.3})
    reference = find_or_train(recipe, hidden, seed=3, runs=tmp_path / "reference", progress="none")
    with monkeypatch.context() as patch:
        taken = []

        def counted(self, epoch, logs):
            taken.append(epoch)
            if len(taken) == 5:  # of 3 steps an epoch
                raise KeyboardInterrupt

        patch.setattr(loop.Progress, "step", counted)
        with pytest.raises(KeyboardInterrupt):
            find_or_train(recipe, hidden, seed=3, runs=tmp_path / "b", progress="none", checkpoint_seconds=0)
    resumed = find_or_train(recipe, hidden, seed=3, runs=tmp_path / "b", progress="none")
    first, second = arrays(reference), arrays(resumed)
    assert set(first) == set(second)
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_without_an_image_without_a_label_it_is_refused(tiny, faces):
    with pytest.raises(InputError, match="expected images without a label, found"):
        make_plan(tiny.recipe(unlabelled_ratio=1), faces, seed=1)


# --- validation that is handed over


def test_handed_over_validation_leaves_every_training_row_to_learn_from(tiny, faces, tmp_path):
    training, held_out = faces.of("Training").take(np.arange(70)), faces.of("PublicTest")
    run = find_or_train(
        tiny.recipe(epochs=1), training, seed=1, runs=tmp_path, validation=held_out, progress="none"
    )
    assert run.facts["training_images"] == 70
    assert run.validation_rows().tolist() == []
    assert run.logits("validation").shape == (14, 7)
    right = (run.logits("validation").argmax(axis=1) == held_out.labels).mean()
    assert run.facts["metrics"]["validation"]["all"]["accuracy"] == pytest.approx(right)
    plan = make_plan(tiny.recipe(epochs=1), training, seed=1, validation=held_out.take(np.arange(13)))
    assert plan.name != run.name


def test_who_goes_on_with_it_must_hand_the_validation_over_again(tiny, faces, tmp_path):
    held_out = faces.of("PublicTest")
    run = find_or_train(
        tiny.recipe(epochs=1), faces, seed=1, runs=tmp_path, validation=held_out, progress="none"
    )
    with pytest.raises(InputError, match="expected the validation faces that this run was given, found none"):
        continue_run(run, faces, epochs=2, runs=tmp_path)
    longer = continue_run(run, faces, epochs=2, runs=tmp_path, validation=held_out, progress="none")
    assert longer.history()["epoch"].tolist() == [1, 2]


def test_who_goes_on_must_not_validate_on_what_was_learned(tiny, faces, tmp_path):
    few = faces.take((faces.usage != 0) | (np.arange(len(faces)) < 60))
    run = find_or_train(tiny.recipe(epochs=1), few, seed=1, runs=tmp_path, progress="none")
    with pytest.raises(InputError, match=r"expected the faces that tiny-.* was trained on, found others"):
        continue_run(run, faces, epochs=2, runs=tmp_path)


def test_the_presets_of_its_views_are_part_of_the_runs_name(tiny, hidden, monkeypatch):
    recipe = tiny.recipe(unlabelled_ratio=1)
    before = make_plan(recipe, hidden, seed=1).name
    monkeypatch.setattr(plan_room, "UNLABELLED_VIEWS", ("shift_flip", "compact"))
    assert make_plan(recipe, hidden, seed=1).name != before


def test_validation_without_labels_is_refused(tiny, faces, hidden):
    for wrong in (hidden.of("unlabelled"), faces.take(np.arange(0))):
        with pytest.raises(InputError, match="expected labelled faces to validate on"):
            make_plan(tiny.recipe(), faces, seed=1, validation=wrong)


def test_a_schedule_ends_with_the_last_step_though_the_images_became_more(tiny, faces, tmp_path):
    held_out = faces.of("PublicTest")
    few = faces.take((faces.usage != 0) | (np.arange(len(faces)) % 2 == 0))
    options = {"runs": tmp_path, "validation": held_out, "progress": "none"}
    run = find_or_train(tiny.recipe(schedule="cosine", epochs=2), few, seed=1, **options)
    longer = continue_run(run, faces, epochs=4, **options)
    rates = longer.history()["learning_rate"]
    steps = [2 * 4, 2 * 7]  # 49 and 98 images in batches of 16
    assert (run.facts["steps"], longer.facts["steps"]) == (steps[0], sum(steps))
    old = {key: value for key, value in run.facts.items() if key != "steps"}
    assert replace(run, facts=old).steps == run.steps
    expected = [0.005 * (1 + math.cos(math.pi * done / sum(steps))) for done in (8, 15)]
    assert rates.iloc[2:].tolist() == pytest.approx(expected, rel=1e-4)
