import json
import math

import keras
import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.learning.models import (
    ARCHITECTURES,
    architecture_options,
    build,
    build_shapes,
    multiply_adds,
    source,
)
from fer_nb.learning.transforms import fit_normalization


def weights(model):
    """Trained weights by path, without the counters of the dropout layers."""
    return {w.path: np.asarray(w) for w in model.weights}


def trainable(model):
    return sum(math.prod(w.shape) for w in model.trainable_weights)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (2, 48, 48, 1)).astype("float32")


@pytest.mark.parametrize(
    ("name", "trainable_parameters", "parameters"),
    [
        ("shallow_cnn", 3_484_935, 3_484_935),
        ("shallow_dnn", 3_151_367, 3_151_367),
        ("three_block_cnn", 1_703_047, 1_704_391),
        ("pyramid_dnn", 1_838_599, 1_838_599),
        ("five_conv_cnn", 5_758_791, 5_763_399),
        ("wide_dnn", 5_778_439, 5_783_559),
    ],
)
def test_a_reports_network_has_exactly_the_stated_parameters(name, trainable_parameters, parameters):
    model = build_shapes(name)
    assert trainable(model) == trainable_parameters
    assert model.count_params() == parameters


def test_compact_cnn_is_as_large_as_its_dnn_and_a_third_of_the_work_of_three_blocks():
    model = build_shapes("compact_cnn")
    assert 1_700_000 <= model.count_params() <= 2_000_000
    assert trainable(model) == pytest.approx(1_838_599, rel=0.03)
    assert multiply_adds(model) <= 60_000_000


def test_practice_networks_are_small_and_within_five_percent_of_one_another():
    cnn, dnn = build("practice_cnn", seed=1), build("practice_dnn", seed=1)
    assert trainable(cnn) < 160_000
    assert trainable(dnn) == pytest.approx(trainable(cnn), rel=0.05)
    assert multiply_adds(cnn) < 6_000_000


def test_two_block_cnn_flattens_to_the_stated_18432_and_can_leave_batch_normalization_out():
    model = build_shapes("two_block_cnn")
    assert model.get_layer("flatten").output.shape == (None, 18_432)
    plain = build_shapes("two_block_cnn", batch_normalization=False)
    assert trainable(model) - trainable(plain) == 2 * (64 + 128 + 128)


def test_leaky_cnn_has_the_reports_layers_and_arms_of_activation_dropout_and_depth():
    model = build_shapes("leaky_cnn")
    assert [model.get_layer(f"block{b}_conv1").filters for b in (1, 2, 3, 4)] == [64, 128, 512, 512]
    assert {layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)} == {0.5}
    assert model.get_layer("dense2").activation is keras.activations.softplus

    arm = build_shapes("leaky_cnn", activation="prelu", late_activation="relu", dropout="growing", depth=2)
    assert isinstance(arm.get_layer("block2_activation1"), keras.layers.PReLU)
    assert arm.get_layer("block2_activation1").alpha.shape == (1, 1, 128)
    assert arm.get_layer("dense2").activation is keras.activations.relu
    assert [arm.get_layer(f"block{b}_dropout").rate for b in (1, 2)] == [0.25, 0.35]
    assert "block3_conv1" not in [layer.name for layer in arm.layers]


def test_vgg16_mini_without_dropout_has_no_dropout_layer_and_normalizes_blocks_one_and_three():
    model = build_shapes("vgg16_mini", dropout="none")
    names = [layer.name for layer in model.layers]
    assert not [n for n in names if "dropout" in n]
    assert [n for n in names if "norm" in n] == ["block1_norm", "block3_norm"]
    assert [n for n in names if "conv" in n] == [
        "block1_conv1", "block1_conv2", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1",
        "block5_conv2",
    ]  # fmt: skip


def test_vgg16_dropout_counts_its_depth_as_vgg_does_and_its_dropout_grows():
    model = build_shapes("vgg16_dropout", depth=11)
    assert sum(isinstance(layer, keras.layers.Conv2D) for layer in model.layers) == 8
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.25, 0.35, 0.4, 0.45, 0.5, 0.5]


def test_champion_resnet_starts_with_every_block_the_identity(images):
    model = build("champion_resnet", seed=1, width=4, crop=44)
    assert sum(isinstance(layer, keras.layers.Conv2D) for layer in model.layers) == 1 + 16 + 3
    probe = keras.Model(model.input, [model.get_layer(n).output for n in ("stem_relu", "stage1_dropout")])
    stem, stage = (np.asarray(x) for x in probe(images, training=False))
    np.testing.assert_array_equal(stem, stage)


def test_champion_vgg_takes_crops_of_40_and_has_a_head_without_dense_layers():
    model = build("champion_vgg", seed=1, width=4, head="global_pool", crop=40)
    assert [layer.name for layer in model.layers if isinstance(layer, keras.layers.Dense)] == ["logits"]
    assert model.get_layer("block4_pool").output.shape == (None, 2, 2, 32)


@pytest.mark.parametrize("name", ["practice_cnn", "practice_dnn", "wide_dnn"])
def test_a_network_maps_grey_levels_to_seven_finite_logits(name, images):
    model = build(name, normalization=fit_normalization("unit", np.zeros((1, 48, 48), "uint8")), seed=1)
    assert model.name == name
    assert model.input.name == "image"
    assert model.layers[-1].name == "logits"
    outputs = np.asarray(model(images))
    assert outputs.shape == (2, 7)
    assert outputs.dtype == np.float32
    assert np.isfinite(outputs).all()


def test_equal_seeds_give_equal_weights_and_masks_and_other_seeds_others(images):
    first, again, other = (build("practice_cnn", seed=s, dropout=0.5) for s in (4, 4, 5))
    for path, value in weights(first).items():
        np.testing.assert_array_equal(value, weights(again)[path])
    kernel = first.get_layer("block1_conv1").kernel.path
    assert not np.array_equal(weights(first)[kernel], weights(other)[kernel])
    np.testing.assert_array_equal(
        np.asarray(first(images, training=True)), np.asarray(again(images, training=True))
    )


def test_layers_of_one_network_start_with_different_weights():
    model = build("leaky_cnn", seed=1, depth=1)
    first = np.asarray(model.get_layer("dense1").kernel).ravel()[:512]
    second = np.asarray(model.get_layer("dense2").kernel).ravel()[:512]
    assert not np.allclose(first / first.std(), second / second.std())


def test_arms_of_one_seed_start_with_the_same_weights_whatever_their_normalization_and_precision():
    plain = build("practice_cnn", seed=4)
    unit = fit_normalization("unit", np.zeros((1, 48, 48), "uint8"))
    arm = build("practice_cnn", seed=4, normalization=unit, dtype="mixed_bfloat16", dropout=0.4)
    for path, value in weights(plain).items():
        np.testing.assert_array_equal(value, weights(arm)[path])


def test_the_models_own_json_rebuilds_the_same_weights():
    model = build("practice_dnn", seed=9)
    rebuilt = keras.models.model_from_json(model.to_json())
    for path, value in weights(model).items():
        np.testing.assert_array_equal(value, weights(rebuilt)[path])


def test_mixed_precision_computes_in_bfloat16_but_reads_images_and_gives_logits_in_float32(images):
    before = keras.config.dtype_policy().name
    unit = fit_normalization("unit", np.zeros((1, 48, 48), "uint8"))
    model = build("practice_cnn", seed=1, normalization=unit, crop=44, dtype="mixed_bfloat16")
    assert {layer.name for layer in model.layers if layer.compute_dtype == "float32"} == {
        "image", "normalization", "center_crop", "logits",
    }  # fmt: skip
    assert {w.dtype for w in model.weights} == {"float32"}
    assert np.asarray(model(images)).dtype == np.float32
    assert keras.config.dtype_policy().name == before


def test_without_normalization_raw_grey_levels_reach_the_first_layer():
    model = build("practice_dnn", seed=1)
    assert [layer.name for layer in model.layers][:2] == ["image", "flatten"]


@pytest.mark.parametrize(("crop", "before"), [(44, 2), (40, 4), (43, 2)])
def test_a_crop_is_the_centre_of_the_image(crop, before, images):
    model = build("practice_cnn", seed=1, crop=crop)
    cropped = keras.Model(model.input, model.get_layer("center_crop").output)(images)
    expected = images[:, before : before + crop, before : before + crop]
    np.testing.assert_array_equal(np.asarray(cropped), expected)


def test_one_normalization_layer_serves_two_networks_without_tying_them_together():
    unit = fit_normalization("unit", np.zeros((1, 48, 48), "uint8"))
    first, second = (build("practice_dnn", seed=1, normalization=unit) for _ in range(2))
    assert first.get_layer("normalization") is not second.get_layer("normalization")


def test_a_saved_network_holds_nothing_that_needs_this_package(tmp_path, images):
    faces = np.random.default_rng(1).integers(0, 256, (3, 48, 48)).astype("uint8")
    model = build("practice_cnn", seed=1, normalization=fit_normalization("standardized", faces), crop=44)
    assert "fer_nb" not in json.dumps(model.get_config())
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(np.asarray(loaded(images)), np.asarray(model(images)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "three_blok_cnn"}, "unknown network 'three_blok_cnn': did you mean 'three_block_cnn'?"),
        (
            {"dropuot": 0.1},
            "'dropuot' is neither a setting of a recipe nor an option of network 'practice_cnn'",
        ),
        (
            {"name": "wide_dnn", "depth": 3},
            "'depth' is neither a setting of a recipe nor an option of network 'wide_dnn': expected",
        ),
        ({"dropout": 2}, "network 'practice_cnn' with {'dropout': 2}: Invalid value received"),
        (
            {"name": "leaky_cnn", "activation": "leaky"},
            "unknown activation 'leaky': did you mean 'leaky_relu'?",
        ),
        ({"name": "leaky_cnn", "dropout": "grow"}, "unknown dropout 'grow': did you mean 'growing'?"),
        ({"name": "leaky_cnn", "depth": 5}, "depth: expected 1 to 4 blocks, found 5"),
        ({"name": "vgg16_dropout", "depth": 12}, "depth: expected one of 11, 13, 16, 19, found 12"),
        (
            {"name": "two_block_cnn", "batch_normalization": "no"},
            "network 'two_block_cnn': batch_normalization: expected true or false, found 'no'",
        ),
        ({"name": "champion_vgg", "head": "pool"}, "unknown head 'pool'"),
    ],
)
def test_a_bad_setting_gets_one_clear_line(arguments, message):
    with pytest.raises(InputError) as caught:
        build(**{"name": "practice_cnn", "seed": 1, **arguments})
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_options_are_listed_with_their_defaults():
    assert architecture_options("champion_vgg") == {"width": 64, "dropout": 0.2, "head": "dense"}
    assert architecture_options("pyramid_dnn") == {"dropout": 0.0}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_takes_a_number_as_the_rate_of_all_its_dropout(name):
    layers = [layer for layer in build_shapes(name, dropout=0.25).layers if hasattr(layer, "rate")]
    assert layers
    assert {layer.rate for layer in layers} <= {0.25, 0.125}  # half of it inside compact_cnn


@pytest.mark.parametrize("rate", [1.0, -0.1, True])
def test_a_dropout_that_is_no_rate_is_refused(rate):
    with pytest.raises(InputError, match="dropout"):
        build("shallow_dnn", seed=0, dropout=rate)


def test_the_code_of_a_network_is_shown_with_its_helpers_and_without_docstrings():
    code = source("practice_cnn")
    assert code.startswith("def convolution(")
    assert code.count("def logits(") == 1
    assert '_convolution(images, 16, 5, strides=2, name="block1_conv1")' in code
    assert '"""' not in code
