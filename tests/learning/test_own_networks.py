import os
from pathlib import Path

import keras
import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.learning import own_networks
from fer_nb.learning.models import build
from fer_nb.learning.own_networks import find_own, own_network, own_recipes
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.training import find_or_train
from fer_nb.learning.training.plan import make_plan
from fer_nb.learning.transforms import fit_normalization

NETWORK = """
import keras
from keras import layers

def _helper():
    return 4

def my_cnn(*, width=_helper()):
    return keras.Sequential([
        keras.Input((48, 48, 1)),
        layers.Conv2D(width, 3, strides=4, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(7, activation="softmax"),
    ])
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_networks, "_REGISTERED", {})


def write(code: str, path: str = "own_networks.py") -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(code, encoding="utf-8")


def test_a_function_in_the_file_is_a_recipe_by_its_name_with_its_cost_counted():
    write(NETWORK)
    recipe = get_recipe("my_cnn")
    assert recipe.multiply_adds == 12 * 12 * 9 * 4 + 4 * 7
    assert (recipe.epochs, recipe.optimizer, recipe.source.en) == (20, "adamw", "own network")
    assert list(own_recipes()) == ["my_cnn"]


def test_the_file_beside_the_notebooks_is_found_from_the_folder_above_them():
    write(NETWORK, "notebooks/own_networks.py")
    assert get_recipe("my_cnn").name == "my_cnn"


def test_a_network_of_ones_own_is_built_flat_ends_in_logits_and_has_the_same_names_each_time():
    write(NETWORK)
    get_recipe("my_cnn")
    normalization = fit_normalization("unit", np.zeros((1, 48, 48), np.uint8))
    models = [build("my_cnn", normalization=normalization, seed=1, width=3) for _ in range(2)]
    names = [layer.name for layer in models[0].layers]
    assert names == ["image", "normalization", "conv1", "global_average_pooling2d1", "logits"]
    assert models[0].to_json() == models[1].to_json()
    assert models[0].layers[-1].activation is keras.activations.linear
    assert models[0].get_layer("conv1").filters == 3


INSIDE = """
    return keras.Sequential([
        keras.Input((48, 48, 1)),
        layers.Reshape((6, 384)),
        layers.TimeDistributed(layers.Dense(3)),
        keras.Sequential([layers.Dense(4), keras.Sequential([layers.Dense(4)])]),
        layers.Flatten(),
        layers.Dense(7),
    ])
"""


def test_a_network_within_a_network_starts_with_the_same_weights_each_time_and_no_two_layers_alike(faces):
    write(NETWORK.partition("    return keras.Seq")[0] + INSIDE)
    recipe = get_recipe("my_cnn")
    plans = [make_plan(recipe, faces, seed=1) for _ in range(2)]
    assert plans[0].name == plans[1].name
    first, second = (plan.network.get_weights() for plan in plans)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    kernels = [weights for weights in first if weights.shape == (4, 4)]
    assert kernels
    assert np.unique([kernel.sum() for kernel in kernels]).size == len(kernels)
    assert make_plan(recipe, faces, seed=2).name != plans[0].name


def test_an_edit_that_is_taken_back_is_taken_back():
    for width in (3, 5, 3):
        write(NETWORK.replace("_helper())", f"{width})"))
        get_recipe("my_cnn")
        assert build("my_cnn", seed=0).get_layer("conv1").filters == width


def test_a_name_given_to_one_layer_is_no_name_of_another():
    write(NETWORK.replace("layers.Global", 'layers.Conv2D(2, 3, name="conv1"), layers.Global'))
    get_recipe("my_cnn")
    assert [layer.name for layer in build("my_cnn", seed=0).layers[1:3]] == ["conv2", "conv1"]


def test_a_broken_file_hinders_no_network_of_the_project():
    write("def net(:")
    assert find_own("practice_dnn") is None


def test_changed_code_is_another_run_and_other_comments_are_the_same(faces):
    write(NETWORK)
    before = make_plan(get_recipe("my_cnn"), faces, seed=1).name
    write("# a comment\n" + NETWORK)
    assert make_plan(get_recipe("my_cnn"), faces, seed=1).name == before
    write(NETWORK.replace("Conv2D(width, 3", "Conv2D(width, 5"))
    assert make_plan(get_recipe("my_cnn"), faces, seed=1).name != before


def test_a_function_says_how_it_is_trained_and_settings_change_that():
    write(NETWORK + "\nmy_cnn.recipe = {'epochs': 3}\n")
    assert get_recipe("my_cnn").epochs == 3
    assert get_recipe("my_cnn", ["epochs=2+width=5"]).options["width"] == 5


def test_a_network_of_a_cell_trains_and_its_run_opens(faces, tmp_path):
    @own_network
    def cell_cnn():
        inputs = keras.Input((48, 48, 1))
        x = keras.layers.Conv2D(2, 5, strides=8, activation="relu")(inputs)
        x = keras.layers.Dense(7)(keras.layers.Flatten()(x))
        return keras.Model(inputs, keras.layers.Softmax()(x))

    trial = get_recipe("cell_cnn").replace(epochs=2, batch_size=16, warmup_epochs=0.0)
    run = find_or_train(trial, faces, seed=0, runs=tmp_path / "runs", progress="none")
    assert run.recipe.name == "cell_cnn"
    assert run.network().output_shape == (None, 7)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("def net(:", r"own_networks\.py, line 1: SyntaxError"),
        ("import nothing_of_this_name", r"own_networks\.py, line 1: ModuleNotFoundError"),
        ("def net():\n    return 7", r"net: expected a keras.Model returned, found int"),
        ("def net():\n    return 1 / 0", r"own_networks\.py: net, line 2: ZeroDivisionError"),
        (
            "def net(width):\n    return width",
            "net: expected a default for each argument, or of a helper .* begins with _, found width",
        ),
        (
            NETWORK.replace("48, 48, 1", "48, 48, 3"),
            r"input shape \(48, 48, 1\), found \(48, 48, 3\)",
        ),
        (NETWORK.replace("Dense(7", "Dense(8"), r"expected output shape \(7,\), found \(8,\)"),
        (NETWORK.replace("keras.Input((48, 48, 1)),", ""), "found none: give the model a keras.Input"),
        (NETWORK.replace("width, 3", "-1, 3"), r"own_networks\.py: my_cnn, line \d+: ValueError: .*-1"),
        (NETWORK.replace("my_cnn", "compact_cnn"), "expected a name that no network of the project has"),
        (
            NETWORK.replace("layers.Global", "layers.Lambda(lambda x: x), layers.Global"),
            "expected Keras's own layers that hold no code, found Lambda",
        ),
        (NETWORK + "\nmy_cnn.recipe = {'epochs': 0}", "epochs: expected a whole number from 1"),
        (NETWORK + "\nmy_cnn.recipe = {'epoch': 4}", "my_cnn: recipe: .*unexpected keyword argument 'epoch'"),
        (NETWORK + "\nmy_cnn.recipe = ['epochs']", "my_cnn: recipe: unsupported operand"),
        ("raise SystemExit", r"own_networks\.py, line 1: SystemExit"),
    ],
)
def test_a_wrong_network_is_one_line_at_once(code, complaint):
    write(code)
    with pytest.raises(InputError, match=complaint) as raised:
        own_recipes()
    assert "\n" not in str(raised.value)
    assert os.sep + "tmp" not in str(raised.value)


def test_the_name_of_a_recipe_of_the_project_is_refused_where_the_file_is_read():
    write(NETWORK + NETWORK.replace("my_cnn", "laptop_cnn").replace("import keras", ""))
    with pytest.raises(
        InputError, match="a network of one's own: expected a name of its own, found laptop_cnn"
    ):
        get_recipe("my_cnn")
