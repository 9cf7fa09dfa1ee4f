from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

from fer_nb.analysis.evaluation import McNemar, Overfitting
from fer_nb.findings import tables
from fer_nb.language import Text
from fer_nb.learning.recipes import get_recipe


def score(accuracy, n=100):
    return {"accuracy": accuracy, "low": accuracy - 0.05, "high": accuracy + 0.05, "n": n}


def a_run(*, validation=0.6, test=0.5, seconds=(9.0, 2.0, 4.0, 3.0), losses=(2.0, 1.0), **facts):
    metrics = {"validation": {"all": score(validation), "clean": score(validation - 0.01)}}
    if test is not None:
        metrics["test"] = {"all": score(test), "clean": score(test - 0.02, n=90)}
    history = pd.DataFrame(
        {
            "epoch": range(1, len(losses) + 1), "loss": losses, "accuracy": [0.7] * len(losses),
            "validation_loss": losses, "validation_accuracy": [validation] * len(losses),
        }
    )  # fmt: skip
    return SimpleNamespace(
        facts={"metrics": metrics, "stated": {}, "parameters": 1000, "multiply_adds": 5000} | facts,
        history=lambda: history,
        seconds_per_epoch=lambda: float(np.median(seconds[1:])),
    )


@pytest.fixture
def network():
    import keras
    from keras import layers

    images = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(2, 3, strides=2, padding="same", use_bias=False, name="block1_conv1")(images)
    x = layers.ReLU(name="block1_relu1")(layers.BatchNormalization(name="block1_norm1")(x))
    x = layers.Flatten(name="flatten")(layers.MaxPooling2D(2, name="block1_pool")(x))
    x = layers.Dropout(0.25, name="dropout")(layers.Dense(3, activation="relu", name="dense1")(x))
    return keras.Model(images, layers.Dense(7, name="logits")(x))


def test_the_structure_has_a_row_a_block_with_kernel_stride_padding_bias_and_what_follows(network):
    table = tables.structure_table(network)
    rows = [[getattr(cell, "en", cell) for cell in row] for row in table.itertuples(index=False, name=None)]
    assert rows[1] == [
        "conv 1-1", "3×3×1×2", 2, "same", False,
        "BN, ReLU, max pooling 2×2, flattening", "8", 18 + 8, 16 * 18,
    ]  # fmt: skip
    assert rows[2][:2] + rows[2][4:] == ["dense 1", "8×3", True, "ReLU, dropout 0.25", "3", 27, 24]
    assert [row[0] for row in rows] == ["input", "conv 1-1", "dense 1", "output", "total"]
    assert rows[-1][-2:] == [26 + 27 + 28, 288 + 24 + 21]


def trained(network, recipe, **facts):
    metrics = {"validation": {"all": score(0.6, n=10), "clean": score(0.6, n=10)}}
    known = {"metrics": metrics, "epochs": 16, "kept_epoch": 9, "training_images": 90, "seed": 3} | facts
    return SimpleNamespace(facts=known, recipe=recipe, network=lambda: network)


def test_settings_have_units_the_ranges_of_augmentation_and_the_epoch_kept(network):
    table = tables.recipe_table({"compact_cnn": trained(network, get_recipe("compact_cnn"))})
    said = {row[0].en: getattr(row[1], "en", row[1]) for row in table.itertuples(index=False, name=None)}
    assert said["loss function"] == "softmax cross-entropy, label smoothing 0.1"
    assert said["optimizer"] == "Muon, weight decay 0.1"
    assert said["learning rate (highest)"] == "0.006 (warm-up of 1 epoch, cosine decay to 0)"
    assert said["batch size"] == "128 images"
    assert said["epochs"] == "16 (epoch 9 kept: highest validation accuracy)"
    assert said["dropout probability"] == "0.25"
    assert "rotations ±7°" in said["augmentation"]
    assert "flips probability 50%" in said["augmentation"]
    assert said["smaller images"] == "32 pixels up to epoch 8"
    assert said["images"] == "90 to learn from, 10 to validate"
    assert "alpha of mixup" not in said


def test_of_two_networks_the_settings_that_differ_can_be_listed_alone(network):
    recipe = get_recipe("practice_cnn")
    other = trained(network, recipe.replace(learning_rate=1e-4), kept_epoch=8)  # which no one has set
    runs = {"a": trained(network, recipe), "b": other}
    table = tables.recipe_table(runs, differing=True)
    assert [name.en for name in table.iloc[:, 0]] == ["learning rate (highest)"]
    more = trained(network, recipe.replace(crop=44, flipped_copies=True, early_stopping=5))
    table = tables.recipe_table({"a": trained(network, recipe), "b": more}, differing=True)
    assert [name.en for name in table.iloc[:, 0]] == [
        "flipped copies", "centre crop", "epochs before an early stop",
    ]  # fmt: skip
    assert [getattr(value, "en", value) for value in table.iloc[:, 2]] == ["yes", "44 pixels", "5"]


@pytest.mark.parametrize(
    ("schedule", "en"),
    [
        ("constant", "0.004 (constant)"),
        ("plateau", "0.004 (times 0.1 after 10 epochs without a lower validation loss)"),
        ("step", "0.004 (times 0.1 every 10 epochs)"),
        ("one_cycle", "0.004 (one cycle: up to the highest, then down to 0)"),
    ],
)
def test_a_rate_is_said_with_its_schedule(schedule, en):
    recipe = get_recipe("three_block_cnn").replace(learning_rate=0.004, schedule=schedule)
    assert tables.rate(recipe).en == en
    shorter = tables.rate(recipe.replace(schedule_patience=1)).en
    assert shorter == en.replace("10 epochs", "1 epoch")


def test_accuracies_stand_in_a_row_a_network_with_the_difference_on_the_test():
    runs = {"a": a_run(), "b": a_run(test=0.45)}
    tests = {"b": McNemar(1, 6, 100, 0.04, -0.05)}
    table = tables.accuracy_table(runs, kept="a", tests=tests)
    assert [str(name) for name in table.columns[1:3]] == ["驗證集 validation", "測試集 test"]
    assert table.iloc[0, 1:4].tolist() == ["60.0% (55.0–65.0)", "50.0% (45.0–55.0)", "48.0% (43.0–53.0)"]
    assert table.columns[4].en == "test difference (points)"
    assert (table.iloc[0, 4].en, table.iloc[1, 4]) == ("baseline", "−5.0 (p = 0.040)")


def test_without_leaks_and_without_another_network_no_column_speaks_of_them():
    run = a_run()
    run.facts["metrics"]["test"]["clean"] = run.facts["metrics"]["test"]["all"]
    assert tables.accuracy_table({"a": run}, kept="a", tests={}).shape == (1, 3)


def test_overfitting_stands_beside_the_gap_with_its_limit_and_a_run_of_old_tells_nothing():
    found = Overfitting(0.98, 0.55, first_gap=0.02, limit=0.05, lasting=True)
    table = tables.overfitting_table({"a": found, "b": None})
    assert table.iloc[0, 1:5].tolist() == ["98.0%", "55.0%", "+43.0 / 5.0", "+2.0"]
    assert [verdict.en for verdict in table.iloc[:, 5]] == ["overfits", "whether it overfits cannot be told"]


def test_the_caption_of_a_structure_explains_a_short_word_only_where_it_stands_there():
    plain = SimpleNamespace(layers=[keras.layers.ReLU()])
    normalized = SimpleNamespace(layers=[keras.layers.BatchNormalization()])
    name = Text("網路", "network")
    assert tables.structure_caption(name, plain).en == "The structure of the network."
    assert tables.structure_caption(name, normalized).en.endswith(
        "; BN is batch normalization, whose parameters are counted in."
    )


def test_what_was_tried_is_listed_by_its_changes_without_other_data_seeds_networks_and_short_ones():
    def tried(**changes):
        facts = {"data": {"fingerprints": {}}, "seed": 1, "training_images": 9, "recipe": {}} | changes
        return a_run(**facts)

    base = {"architecture": "practice_cnn", "options": {}, "augmentation": "practice", "epochs": 8}
    kept = tried(recipe=base)
    others = [
        kept,
        tried(recipe=base | {"options": {"dropout": 0.4}, "augmentation": "none"}),
        tried(recipe=base | {"epochs": 4}, seed=2),
        tried(recipe=base | {"epochs": 4}, data={"fingerprints": {"Training": "x"}}),
        tried(recipe=base | {"architecture": "practice_dnn"}),
        tried(recipe=base | {"epochs": 3}),
        tried(recipe=base | {"epochs": 4}),
    ]
    table = tables.tried_table(kept, others)
    assert [said.en for said in table.iloc[:, 0]] == ["dropout 0.4, no augmentation", "epochs 4"]
    assert table.iloc[0, 1:].tolist() == ["60.0% (55.0–65.0)", "50.0% (45.0–55.0)"]


def test_speed_is_seconds_an_epoch_and_images_a_second():
    table = tables.speed_table({"net": a_run(images_per_epoch=600)})
    assert table.iloc[0, 1:].tolist() == [1000, 5000, 3.0, 200]
