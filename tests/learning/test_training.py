import json
import threading
import time

import keras
import numpy as np
import pytest

from fer_nb.data.faces import Faces
from fer_nb.errors import InputError
from fer_nb.learning.loading import load_network
from fer_nb.learning.precision import network_weights
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.progress import Progress
from fer_nb.learning.runs import Run, list_runs, read_run
from fer_nb.learning.training import continue_run, find_or_train, loop, train
from fer_nb.learning.training.averaging import StatisticsAverage, averaged, fitting_momentum
from fer_nb.learning.training.objective import Objective
from fer_nb.learning.training.plan import make_plan
from fer_nb.learning.transforms import Augmentation, AugmentationSettings
from fer_nb.learning.transforms.settings import PRESETS


def weights(run):
    return network_weights(run.network())


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(weights(first), weights(second), strict=True))


def contents(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def run(tiny, faces, runs):
    """A finished training of six epochs."""
    return find_or_train(tiny.recipe(epochs=6), faces, seed=1, runs=runs, progress="none")


@pytest.fixture
def scripted(monkeypatch):
    """`scripted(losses, accuracies)` decides what each epoch's validation finds."""

    def script(losses, accuracies):
        found = (pair for pair in zip(losses, accuracies, strict=True) for _ in ("validation", "training"))
        monkeypatch.setattr(loop, "loss_and_accuracy", lambda *_: next(found))

    return script


@pytest.fixture
def no_training(monkeypatch):
    """Fails where anything is trained."""
    monkeypatch.setattr(train, "fit", lambda *_, **__: pytest.fail("trained"))


# --- what a training leaves behind


def test_a_network_learns_and_its_loss_falls(run):
    history = run.history()
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]
    assert run.facts["metrics"]["test"]["all"]["accuracy"] > 0.8


def test_training_images_are_answered_as_those_of_validation_are_without_augmentation(tiny, run, faces):
    plan = make_plan(tiny.recipe(epochs=6), faces, seed=1)
    sample = plan.training.take(np.arange(len(plan.validation)))
    last = run.history().iloc[-1]
    found = loop.loss_and_accuracy(run.network(), sample)
    assert (last["training_loss"], last["training_accuracy"]) == pytest.approx(found, abs=1e-5)


def test_a_run_folder_holds_what_the_design_says(run):
    assert contents(run.folder) == [
        "checkpoint.npz", "history.csv", "logits.npz", "model.keras", "run.json",
    ]  # fmt: skip
    history = run.history()
    assert list(history.columns) == [
        "epoch", "loss", "accuracy", "training_loss", "training_accuracy", "validation_loss",
        "validation_accuracy", "learning_rate", "seconds",
    ]  # fmt: skip
    assert history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert history["learning_rate"].tolist() == pytest.approx([0.01] * 6)
    facts = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert facts["recipe"]["epochs"] == facts["epochs"] == facts["kept_epoch"] == 6
    assert (facts["seed"], facts["parent"], facts["training_images"]) == (1, None, 84)
    assert set(facts["metrics"]) == {"validation", "public", "private", "test"}
    assert facts["metrics"]["test"]["all"]["n"] == 28
    assert {"keras", "numpy", "python", "fer-nb"} <= set(facts["versions"])
    assert facts["data"]["counts"]["Training"] == 98


def test_nothing_but_the_run_and_its_lock_is_left(run, runs):
    assert run.name in contents(runs)
    assert not [name for name in contents(runs) if name.startswith(".") or name.endswith(".partial")]


def test_the_run_gives_its_recipe_back(run, tiny):
    assert run.recipe == tiny.recipe(epochs=6)
    assert read_run(run.folder).recipe == run.recipe


def test_stored_logits_are_those_of_the_saved_network(run, faces):
    network = run.network()
    for usage in ("PublicTest", "PrivateTest"):
        logits = predict_logits(network, faces.of(usage).images)
        np.testing.assert_allclose(run.logits(usage), logits, rtol=1e-5, atol=1e-5)
    held_out = faces.of("Training").take(run.validation_rows())
    np.testing.assert_allclose(
        run.logits("validation"), predict_logits(network, held_out.images), rtol=1e-5, atol=1e-5
    )
    accuracy = (run.logits("validation").argmax(axis=1) == held_out.labels).mean()
    assert run.facts["metrics"]["validation"]["all"]["accuracy"] == pytest.approx(accuracy)


def test_correct_tests_are_public_before_private(run, faces):
    correct = run.correct_tests(faces)
    assert correct.shape == (28,)
    assert correct[:14].mean() == pytest.approx(run.facts["metrics"]["public"]["all"]["accuracy"])
    assert correct[14:].mean() == pytest.approx(run.facts["metrics"]["private"]["all"]["accuracy"])


def test_data_with_one_test_split_or_none_are_judged_by_what_there_is(tiny, faces, tmp_path):
    with_private = faces.of("Training", "PrivateTest")
    private = find_or_train(tiny.recipe(), with_private, seed=1, runs=tmp_path, progress="none")
    assert private.facts["metrics"]["test"] == private.facts["metrics"]["private"]
    assert "public" not in private.facts["metrics"]
    alone = find_or_train(tiny.recipe(), faces.of("Training"), seed=1, runs=tmp_path, progress="none")
    assert set(alone.facts["metrics"]) == {"validation"}
    right = alone.correct_tests(faces.of("Training"))
    assert right.mean() == pytest.approx(alone.facts["metrics"]["validation"]["all"]["accuracy"])


def test_a_split_that_the_data_do_not_have_is_told(run):
    with pytest.raises(InputError, match=r"expected unlabelled, found .*PublicTest"):
        run.logits("unlabelled")


def test_the_saved_network_opens_without_this_package_and_takes_raw_grey_levels(run, faces):
    network = keras.models.load_model(run.folder / "model.keras", compile=False)
    images = faces.of("PublicTest").images[..., None].astype("float32")
    np.testing.assert_allclose(np.asarray(network(images)), run.logits("PublicTest"), rtol=1e-4, atol=1e-4)


# --- found again, or not


def test_a_found_run_is_not_trained_again(run, tiny, faces, runs, no_training):
    assert find_or_train(tiny.recipe(epochs=6), faces, seed=1, runs=runs).folder == run.folder
    assert [found.name for found in list_runs(runs)] == [run.name]


def test_a_run_tells_what_it_predicts_by_its_own_files_as_it_does_with_its_faces(run, faces):
    told, known = read_run(run.folder).kept_predictions(), run.predictions(faces)
    assert told.keys() == known.keys() == {"validation", "public", "private", "test"}
    for split, part in known.items():
        np.testing.assert_array_equal(told[split].matrix, part.matrix)
    old = dict(run.facts) | {"data": {"counts": {}}}
    assert Run(run.folder, old).kept_predictions() == {}


def test_the_order_of_the_rows_does_not_matter_and_logits_follow_it(run, tiny, faces, runs, no_training):
    order = np.random.default_rng(3).permutation(len(faces))
    shuffled = faces.take(order)
    found = find_or_train(tiny.recipe(epochs=6), shuffled, seed=1, runs=runs)
    assert found.folder == run.folder
    for usage in ("PublicTest", "PrivateTest"):
        logits = predict_logits(run.network(), shuffled.of(usage).images)
        np.testing.assert_allclose(found.logits(usage), logits, rtol=1e-5, atol=1e-5)
    held_out = shuffled.of("Training").take(found.validation_rows())
    logits = predict_logits(run.network(), held_out.images)
    np.testing.assert_allclose(found.logits("validation"), logits, rtol=1e-5, atol=1e-5)
    assert found.correct_tests(shuffled).sum() == run.correct_tests(faces).sum()


def test_the_same_seed_gives_the_same_weights_whatever_the_order_of_the_rows(run, tiny, faces, tmp_path):
    shuffled = faces.take(np.random.default_rng(3).permutation(len(faces)))
    again = find_or_train(tiny.recipe(epochs=6), shuffled, seed=1, runs=tmp_path, progress="none")
    assert again.name == run.name
    assert equal(again, run)


def test_another_seed_gives_another_run_with_other_starting_weights(run, tiny, faces):
    plan = make_plan(tiny.recipe(epochs=6), faces, seed=2)
    first = make_plan(tiny.recipe(epochs=6), faces, seed=1)
    assert first.name == run.name != plan.name
    assert not np.array_equal(network_weights(plan.network)[0], network_weights(first.network)[0])


@pytest.mark.parametrize(
    "changes",
    [{"epochs": 7}, {"batch_size": 8}, {"mixup": 0.2}, {"options": {"dropout": 0.5}},
     {"normalization": "standardized"}, {"augmentation": "flip"}, {"validation": 14}],
    ids=str,
)  # fmt: skip
def test_an_edited_recipe_never_finds_the_run(run, tiny, faces, changes):
    assert make_plan(tiny.recipe(**{"epochs": 6} | changes), faces, seed=1).name != run.name


def test_an_edited_augmentation_preset_never_finds_the_run(tiny, faces, monkeypatch):
    recipe = tiny.recipe(epochs=6, augmentation="flip")
    before = make_plan(recipe, faces, seed=1)
    monkeypatch.setitem(PRESETS, "flip", AugmentationSettings(flip=0.25))
    assert make_plan(recipe, faces, seed=1).name != before.name


def test_an_edited_network_never_finds_the_run(run, tiny, faces, monkeypatch):
    from fer_nb.learning.models import ARCHITECTURES

    def wider(images, *, dropout=0.0):
        return keras.layers.Dense(7, name="logits")(keras.layers.Flatten(name="flatten")(images))

    monkeypatch.setitem(ARCHITECTURES, "tiny_cnn", wider)
    assert make_plan(tiny.recipe(epochs=6), faces, seed=1).name != run.name


def test_other_faces_never_find_the_run(run, tiny, faces):
    images = faces.images.copy()
    images[-1, 0, 0] ^= 1  # one grey level of the last test image
    other = Faces(images, faces.labels, faces.usage, faces.ids, faces.source)
    assert make_plan(tiny.recipe(epochs=6), other, seed=1).name != run.name


def test_what_a_recipe_says_about_itself_finds_the_run(run, tiny, faces):
    assert make_plan(tiny.recipe(epochs=6, stated={"public": 0.7}), faces, seed=1).name == run.name


def test_a_plan_divides_the_training_rows_and_touches_no_test_row(tiny, faces):
    plan = make_plan(tiny.recipe(), faces, seed=1)
    assert len(plan.training) + len(plan.validation) == 98
    assert set(plan.training.usage) == set(plan.validation.usage) == {0}
    assert not set(plan.training.ids) & set(plan.validation.ids)
    np.testing.assert_array_equal(
        faces.of("Training").take(plan.validation_rows).images, plan.validation.images
    )
    first = make_plan(tiny.recipe(validation=14), faces, seed=1)
    assert first.validation_rows.tolist() == list(range(14))


def test_normalization_reads_the_training_rows_only(tiny, faces):
    recipe = tiny.recipe(normalization="standardized", validation=14)
    images = faces.images.copy()
    images[:14] = 255
    images[faces.usage != 0] = 255
    changed = Faces(images, faces.labels, faces.usage, faces.ids, faces.source)
    layers = [
        make_plan(recipe, some, seed=1).network.get_layer("normalization").get_config()
        for some in (faces, changed)
    ]
    assert layers[0] == layers[1]


# --- one process trains, the others wait


def test_two_at_once_train_once(tiny, faces, tmp_path, monkeypatch, run):
    trained = []

    def slow_training(plan, faces, runs, **_):
        trained.append(plan.name)
        time.sleep(0.3)
        (runs / plan.name).mkdir()
        for name in ("run.json", "logits.npz"):
            (runs / plan.name / name).write_bytes((run.folder / name).read_bytes())

    monkeypatch.setattr(train, "_train", slow_training)
    found = []

    def ask():
        found.append(find_or_train(tiny.recipe(epochs=6), faces, seed=1, runs=tmp_path))

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(trained) == 1
    assert [one.name for one in found] == [run.name] * 2


# --- whole or absent


def test_a_run_that_cannot_be_written_is_absent_and_is_written_later_without_training(
    tiny, faces, tmp_path, monkeypatch
):
    def failing(*_, **__):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("fer_nb.learning.training.train.write_facts", failing)
        with pytest.raises(InputError, match="expected a folder that can be written, found disk full"):
            find_or_train(tiny.recipe(epochs=1), faces, seed=1, runs=tmp_path, progress="none")
    name = make_plan(tiny.recipe(epochs=1), faces, seed=1).name
    assert contents(tmp_path) == ["locks", f"{name}.partial"]
    abandoned = tmp_path / f".{name}.writing"  # as a killed process leaves it
    abandoned.mkdir()
    (abandoned / "model.keras").write_text("half")
    monkeypatch.setattr(loop, "Progress", lambda *_, **__: pytest.fail("trained"))
    run = find_or_train(tiny.recipe(epochs=1), faces, seed=1, runs=tmp_path, progress="none")
    assert run.facts["epochs"] == 1
    assert contents(tmp_path) == ["locks", run.name]


@pytest.mark.filterwarnings("ignore:invalid value|overflow:RuntimeWarning")
def test_training_that_diverges_says_so_in_one_line_and_leaves_nothing(tiny, faces, tmp_path):
    recipe = tiny.recipe(optimizer="sgd_nesterov", learning_rate=100.0, normalization="none", epochs=4)
    with pytest.raises(InputError, match="recipe 'tiny': training diverged in epoch") as caught:
        find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none", checkpoint_seconds=0)
    assert "a learning_rate below 100 may help" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == ["locks"]


def test_validation_that_is_not_finite_is_divergence(tiny, faces, tmp_path, monkeypatch):
    def broken(*_):
        raise InputError("network 'tiny_cnn': expected finite logits, found nan at row 0")

    monkeypatch.setattr(loop, "loss_and_accuracy", broken)
    with pytest.raises(InputError, match=r"diverged in epoch 1: expected answers .* finite logits"):
        find_or_train(tiny.recipe(), faces, seed=1, runs=tmp_path, progress="none")


# --- which epoch is kept


def test_the_best_epoch_is_kept_with_its_weights_and_snapshots_are_the_last(tiny, faces, tmp_path, scripted):
    scripted([1.0] * 4, [0.5, 0.6, 0.9, 0.9])
    recipe = tiny.recipe(epochs=4, selection="best", snapshots=3)
    run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert [path.name for path in run.snapshots()] == [f"snapshot-000{epoch}.keras" for epoch in (2, 3, 4)]
    assert run.facts["kept_epoch"] == 3  # the first of two equal ones
    kept, snapshots = weights(run), [network_weights(load_network(path)) for path in run.snapshots()]
    np.testing.assert_array_equal(kept[0], snapshots[1][0])
    assert not np.array_equal(kept[0], snapshots[2][0])


def test_early_stopping_ends_after_its_patience_and_who_goes_on_gets_it_anew(tiny, faces, tmp_path, scripted):
    scripted([1.0] * 4, [0.5, 0.6, 0.6, 0.6])
    recipe = tiny.recipe(epochs=9, early_stopping=2, snapshots=2)
    run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert run.facts["epochs"] == 4
    assert run.facts["kept_epoch"] == 4  # selection is "last"
    assert [path.name for path in run.snapshots()] == ["snapshot-0003.keras", "snapshot-0004.keras"]
    scripted([1.0] * 3, [0.5, 0.5, 0.5])
    longer = continue_run(run, faces, epochs=9, runs=tmp_path, progress="none")
    assert longer.facts["epochs"] == 6
    assert [path.name for path in longer.snapshots()] == ["snapshot-0005.keras", "snapshot-0006.keras"]


def test_a_plateau_lowers_the_rate_in_the_epochs_after_it(tiny, faces, tmp_path, scripted):
    scripted([1.0, 1.0, 1.0, 1.0], [0.5] * 4)
    recipe = tiny.recipe(epochs=4, schedule="plateau", schedule_patience=2, schedule_factor=0.1)
    run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert run.history()["learning_rate"].tolist() == pytest.approx([0.01, 0.01, 0.01, 0.001])


# --- weight averaging and precision


@pytest.mark.parametrize(
    ("momentum", "steps", "fitting"),
    [(0.998, 14_000, 0.998), (0.998, 100, 0.95), (0.9, 4, 0.1), (0.0, 9, 0.0)],
)
def test_a_short_training_s_average_forgets_its_start_and_a_long_one_s_is_the_recipe_s(
    momentum, steps, fitting
):
    assert fitting_momentum(momentum, steps=steps) == pytest.approx(fitting)
    assert fitting_momentum(momentum, steps=steps) ** steps < 0.01


def test_a_training_averages_by_the_momentum_that_fits_its_steps(tiny, faces):
    short = make_plan(tiny.recipe(averaging=0.998), faces, seed=1)
    long = make_plan(tiny.recipe(averaging=0.5, epochs=50), faces, seed=1)
    assert long.momentum == 0.5
    assert 0 < short.momentum < 0.998
    objective, _ = loop.make_objective(short)
    assert objective.optimizer.ema_momentum == objective.statistics.momentum == short.momentum


def test_statistics_are_averaged_from_the_first_value_on():
    statistic = keras.Variable(np.float32([4.0, 8.0]), trainable=False)
    average = StatisticsAverage([statistic], momentum=0.75)
    average.update([statistic])
    np.testing.assert_allclose(np.asarray(average.averages[0]), [4, 8])
    average.update([statistic + 4.0])
    np.testing.assert_allclose(np.asarray(average.averages[0]), [5, 9])


def test_the_averaged_weights_are_in_place_for_a_while_only(tiny, faces):
    from fer_nb.learning.training.optimization import optimizer

    network = make_plan(tiny.recipe(), faces, seed=1).network
    made = optimizer(tiny.recipe(averaging=0.5), steps_per_epoch=1)
    made.build(network.trainable_variables)
    statistics = StatisticsAverage(network.non_trainable_weights, momentum=0.5)
    before = network_weights(network)
    with averaged(network, made, statistics):
        assert all((weight == 0).all() for weight in network_weights(network))  # nothing was averaged yet
    assert all(np.array_equal(a, b) for a, b in zip(network_weights(network), before, strict=True))


@pytest.fixture(scope="module")
def averaged_run(tiny, faces, runs):
    recipe = tiny.recipe(averaging=0.9, precision="mixed_bfloat16")
    return find_or_train(recipe, faces, seed=1, runs=runs, progress="none")


def test_the_saved_network_has_the_averaged_weights(averaged_run, tiny, faces):
    plan = make_plan(averaged_run.recipe, faces, seed=1)
    objective, _ = loop.make_objective(plan)
    train.checkpoint.load_checkpoint(averaged_run.folder, objective)
    own = network_weights(plan.network)
    saved = weights(averaged_run)
    assert not np.allclose(saved[0], own[0])
    with averaged(plan.network, objective.optimizer, objective.statistics):
        assert all(np.array_equal(a, b) for a, b in zip(network_weights(plan.network), saved, strict=True))


def test_a_network_trained_in_bfloat16_is_saved_in_float32(averaged_run, faces):
    network = averaged_run.network()
    assert {layer.compute_dtype for layer in network.layers} == {"float32"}
    assert {weight.dtype for weight in network.weights} == {"float32"}
    images = faces.of("PublicTest").images
    logits = predict_logits(network, images)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(averaged_run.logits("PublicTest"), logits, rtol=1e-5, atol=1e-5)


# --- going on from a finished run


def test_going_on_from_epoch_p_to_q_gives_the_weights_of_q_epochs_at_once(run, tiny, faces, runs):
    short = find_or_train(tiny.recipe(epochs=4), faces, seed=1, runs=runs, progress="none")
    longer = continue_run(short, faces, epochs=6, runs=runs, progress="none")
    assert longer.facts["parent"] == short.name
    assert longer.name not in (run.name, short.name)
    assert longer.history()["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert equal(longer, run)
    assert not equal(longer, short)


def test_going_on_keeps_the_snapshots_of_the_last_epochs_whoever_trained_them(tiny, faces, tmp_path):
    short = find_or_train(tiny.recipe(epochs=2, snapshots=3), faces, seed=1, runs=tmp_path, progress="none")
    longer = continue_run(short, faces, epochs=3, runs=tmp_path, progress="none")
    assert [path.name for path in longer.snapshots()] == [f"snapshot-000{epoch}.keras" for epoch in (1, 2, 3)]


def test_going_on_to_an_epoch_that_was_reached_is_refused(run, faces, runs):
    with pytest.raises(InputError, match="expected more than the 6 epochs that it has, found 6"):
        continue_run(run, faces, epochs=6, runs=runs)


def test_going_on_with_another_network_is_refused(run, tiny, faces, tmp_path):
    recipe = tiny.recipe(epochs=9, optimizer="sgd_nesterov")
    with (
        pytest.warns(UserWarning, match="checkpoint of another version"),
        pytest.raises(InputError, match="found another network or optimizer"),
    ):
        find_or_train(recipe, faces, seed=1, runs=tmp_path, parent=run, progress="none")


# --- what is refused before any work


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"augmentation": "champio"}, "unknown augmentation preset 'champio': did you mean 'champion'"),
        ({"normalization": "units"}, "unknown normalization 'units': did you mean 'unit'"),
        ({"architecture": "tiny_cn"}, "unknown network 'tiny_cn': did you mean 'tiny_cnn'"),
        (
            {"options": {"depth": 3}},
            "'depth' is neither a setting of a recipe nor an option of network 'tiny_cnn'",
        ),
        ({"validation": 98}, "validation rows: expected 1 to 97 of 98, found 98"),
    ],
    ids=str,
)
def test_a_setting_that_does_not_fit_is_refused_and_nothing_is_written(
    tiny, faces, tmp_path, changes, message
):
    with pytest.raises(InputError, match=message):
        find_or_train(tiny.recipe(**changes), faces, seed=1, runs=tmp_path)
    assert contents(tmp_path) == []


@pytest.mark.parametrize("seed", [-1, 1.5, True, 2**32])
def test_a_seed_is_a_whole_number_from_zero(tiny, faces, tmp_path, seed):
    with pytest.raises(InputError, match="seed: expected a whole number from 0 to 2147483647, found"):
        find_or_train(tiny.recipe(), faces, seed=seed, runs=tmp_path)


def test_faces_without_training_rows_are_refused(tiny, faces, tmp_path):
    with pytest.raises(InputError, match="tiny faces: expected Training rows to train on"):
        find_or_train(tiny.recipe(), faces.of("PublicTest"), seed=1, runs=tmp_path)


def test_balancing_classes_of_which_one_has_no_image_is_refused(tiny, faces, tmp_path):
    some = faces.take(faces.labels != 1)
    with pytest.raises(InputError, match=r"cannot be balanced: .* found none that is disgust"):
        find_or_train(tiny.recipe(augmentation="balanced"), some, seed=1, runs=tmp_path, progress="none")


# --- the loss, by hand


def objective_of(tiny, logits, **changes):
    """An objective whose network answers every image with `logits`."""
    images = keras.Input((48, 48, 1))
    flat = keras.layers.GlobalAveragePooling2D()(images)
    layer = keras.layers.Dense(7, kernel_initializer="zeros")
    network = keras.Model(images, layer(flat))
    layer.bias.assign(logits)
    unaltered = Augmentation(AugmentationSettings(), seed=0)
    return Objective(network, augmentation=unaltered, recipe=tiny.recipe(**changes), seed=0)


def test_the_loss_is_the_mean_cross_entropy_of_the_labels(tiny):
    logits = np.float32([1, 0, 0, 0, 0, 0, 0])
    objective = objective_of(tiny, logits)
    batch = {"image": np.zeros((2, 48, 48), np.uint8), "label": np.int32([0, 3])}
    answer = objective(batch, training=True)
    log_sum = np.log(np.e + 6)
    assert float(objective.compute_loss(y_pred=answer)) == pytest.approx(
        (log_sum - 1 + log_sum) / 2, rel=1e-5
    )
    assert np.asarray(answer["target"]).argmax(axis=1).tolist() == [0, 3]


def test_label_smoothing_spreads_its_share_over_all_classes(tiny):
    logits = np.float32([7, 0, 0, 0, 0, 0, 0])
    objective = objective_of(tiny, logits, label_smoothing=0.7)
    answer = objective({"image": np.zeros((1, 48, 48), np.uint8), "label": np.int32([0])}, training=True)
    log_probabilities = logits - np.log(np.exp(logits).sum())
    expected = -(0.4 * log_probabilities[0] + 0.1 * log_probabilities[1:].sum())
    assert float(objective.compute_loss(y_pred=answer)) == pytest.approx(expected, rel=1e-5)


def test_mixup_mixes_targets_in_training_only_and_its_loss_is_the_mixed_one(tiny):
    logits = np.float32([1, 0, 0, 0, 0, 0, 0])
    objective = objective_of(tiny, logits, mixup=1.0)
    batch = {"image": np.zeros((2, 48, 48), np.uint8), "label": np.int32([0, 3])}
    answer = objective(batch, training=True)
    target = np.asarray(answer["target"])
    assert 0 < target[0, 3] < 1
    np.testing.assert_allclose(target.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(target[0, [0, 3]], target[1, [3, 0]], rtol=1e-6)
    log_probabilities = logits - np.log(np.exp(logits).sum())
    expected = -(target @ log_probabilities).mean()
    assert float(objective.compute_loss(y_pred=answer)) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(np.asarray(objective(batch)["target"]).max(axis=1), [1, 1])


def test_a_full_disk_is_one_line_and_the_checkpoint_before_stays(tiny, faces, tmp_path, monkeypatch):
    """The second checkpoint finds no space; the training then goes on from the first."""
    written = np.savez
    calls = []

    def full(handle, **arrays):
        calls.append(1)
        if len(calls) == 2:
            handle.write(b"half")
            raise OSError(28, "No space left on device")
        written(handle, **arrays)

    monkeypatch.setattr("numpy.savez", full)
    options = {"seed": 1, "runs": tmp_path, "progress": "none", "checkpoint_seconds": 0}
    with pytest.raises(InputError, match=r"checkpoint\.npz: .*found No space left on device"):
        find_or_train(tiny.recipe(), faces, **options)
    (partial,) = tmp_path.glob("*.partial")
    assert contents(partial) == ["checkpoint.npz"]
    assert find_or_train(tiny.recipe(), faces, **options).facts["epochs"] == 3


def test_a_training_stopped_by_hand_says_in_one_line_how_to_go_on_and_goes_on(
    tiny, faces, tmp_path, monkeypatch
):
    class Interrupted(Progress):
        def epoch(self, row):
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(loop, "Progress", Interrupted)
        with pytest.raises(KeyboardInterrupt) as stopped:
            find_or_train(tiny.recipe(), faces, seed=3, runs=tmp_path, checkpoint_seconds=0.0)
    (line,) = stopped.value._render_traceback_()
    assert "run it again and it goes on" in line and "\n" not in line
    assert list_runs(tmp_path) == []
    again = find_or_train(tiny.recipe(), faces, seed=3, runs=tmp_path, progress="none")
    assert again.facts["epochs"] == tiny.recipe().epochs
