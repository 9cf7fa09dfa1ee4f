from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fer_nb.data.faces import Faces, numbered
from fer_nb.findings import tables
from fer_nb.language import GLOSSARY, Text
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


def test_the_structure_has_a_row_a_layer_and_the_totals():
    import keras

    images = keras.Input((48, 48, 1), name="image")
    x = keras.layers.Flatten(name="flatten")(images)
    network = keras.Model(images, keras.layers.Dense(7, name="logits")(x))
    table = tables.structure_table(network)
    assert [str(name) for name in table.columns[:2]] == ["層 layer", "種類 kind"]
    assert table.iloc[:, 0].tolist() == ["image", "flatten", "logits", Text("合計", "total")]
    assert table.iloc[0, 2] == "48 × 48 × 1"
    assert table.iloc[2, 4:].tolist() == [2304 * 7 + 7, 2304 * 7]
    assert table.iloc[-1, 4:].tolist() == [2304 * 7 + 7, 2304 * 7]


def test_recipes_stand_in_columns_with_their_settings():
    recipes = {name: get_recipe(name) for name in ("three_block_cnn", "compact_cnn")}
    table = tables.recipe_table(recipes)
    assert [str(column) for column in table.columns] == ["設定 setting", "three_block_cnn", "compact_cnn"]
    rows = {row[0].en: row[1:] for row in table.itertuples(index=False)}
    assert rows["epochs"] == (20, 16)
    assert rows["smaller images"] == ("—", Text("前 8 個週期 32 像素", "first 8 epochs 32 px"))
    assert rows["schedule"] == (Text("固定", "constant"), Text("餘弦衰減", "cosine decay"))
    assert [cell.en for cell in rows["validation"]] == ["first 2,400 rows", "10%, identical images together"]
    assert rows["label smoothing"] == ("0", "0.1")


def test_accuracies_stand_beside_what_is_stated_or_without():
    run = a_run(stated={"test": 0.55})
    table = tables.accuracy_table({"net": run}, with_stated=True)
    assert table.iloc[:, 1].tolist() == [GLOSSARY["validation"], GLOSSARY["test"]]
    assert table.iloc[1, 2:].tolist() == [100, "50.0% [45.0, 55.0]", "48.0% [43.0, 53.0]", "55.0%"]
    assert pd.isna(table.iloc[0, -1])
    assert len(tables.accuracy_table({"net": run}, with_stated=False).columns) == 5


def test_no_image_is_a_dash():
    assert tables.interval_text({"accuracy": None, "low": None, "high": None, "n": 0}) == "—"


def test_stated_scores_and_scores_have_the_same_labels():
    run = a_run(stated={"test": 0.55})
    assert tables.stated_scores({"net": run}) == {"net · test": 0.55}
    assert set(tables.split_scores({"net": run})) == {"net · validation", "net · test"}
    assert tables.split_scores({"net": run})["net · test"]["accuracy"] == 0.5


def test_classes_are_counted_by_split():
    labels = np.array([0, 0, 3, 6, 3], np.int8)
    usage = np.array([0, 0, 0, 0, 1], np.uint8)
    faces = Faces(np.zeros((5, 48, 48), np.uint8), labels, usage, numbered(usage), "x")
    table = tables.class_table(faces)
    assert [str(column) for column in table.columns[2:]] == ["Training", "PublicTest"]
    assert table["Training"].tolist() == [2, 0, 0, 1, 0, 0, 1]
    assert table["PublicTest"].tolist() == [0, 0, 0, 1, 0, 0, 0]


def test_speed_is_seconds_an_epoch_and_images_a_second():
    table = tables.speed_table({"net": a_run(images_per_epoch=600)})
    assert table.iloc[0].tolist() == ["net", 1000, 5000, 3.0, 200]


def test_histories_are_averaged_epoch_by_epoch():
    history = tables.mean_history([a_run(losses=(2.0, 1.0)), a_run(losses=(4.0, 2.0))])
    assert history["epoch"].tolist() == [1, 2]
    assert history["loss"].tolist() == [3.0, 1.5]


@pytest.mark.parametrize(("validation", "zh"), [(2400, "前 2,400 列"), (0.25, "25%，相同影像不分開")])
def test_validation_is_named_as_first_rows_or_share(validation, zh):
    recipe = get_recipe("compact_cnn").replace(validation=validation)
    table = tables.recipe_table({"r": recipe})
    assert zh in [cell.zh for cell in table["r"] if isinstance(cell, Text)]
