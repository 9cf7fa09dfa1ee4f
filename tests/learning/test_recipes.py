import math
import re

import pytest

from fer_nb.errors import InputError
from fer_nb.language import Text
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.recipes import RECIPES, arm, dnn_otherwise, get_recipe, with_fixed_pixels

SETTINGS = {
    "name": "r", "architecture": "practice_cnn", "source": Text("甲", "a"), "cost": Text("乙", "b"),
    "multiply_adds": 1, "epochs": 3,
}  # fmt: skip


def recipe(**changes):
    return Recipe(**SETTINGS | changes)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"optimizer": "adamm"}, "unknown optimizer of recipe 'r' 'adamm': did you mean 'adam'?"),
        ({"schedule": "cosin"}, "unknown schedule of recipe 'r' 'cosin': did you mean 'cosine'?"),
        ({"precision": "bfloat16"}, "unknown precision of recipe 'r' 'bfloat16'"),
        ({"selection": "worst"}, "unknown selection of recipe 'r' 'worst'"),
        ({"epochs": -1}, "recipe 'r': epochs: expected a whole number from 1 to 100000, found -1"),
        ({"epochs": 0}, "epochs: expected a whole number"),
        ({"epochs": 2.5}, "epochs: expected a whole number from 1 to 100000, found 2.5"),
        ({"epochs": True}, "epochs: expected a whole number"),
        ({"batch_size": 0}, "batch_size: expected a whole number from 1"),
        ({"learning_rate": 0.0}, "learning_rate: expected a number from 1e-09 to 100, found 0.0"),
        ({"learning_rate": "0.1"}, "learning_rate: expected a number from 1e-09 to 100, found '0.1'"),
        ({"learning_rate": math.nan}, "learning_rate: expected a number from 1e-09 to 100, found nan"),
        ({"weight_decay": -0.1}, "weight_decay"),
        ({"mixup": -1.0}, "mixup"),
        ({"averaging": 1.0}, "averaging"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"augmentation_strength": -1.0}, "augmentation_strength"),
        ({"snapshots": -1}, "snapshots"),
        ({"crop": 49}, "crop: expected a whole number from 32 to 48, found 49"),
        ({"crop": 0}, "crop: expected a whole number from 32 to 48, found 0"),
        ({"validation": 0}, "validation: expected a share above 0 and below 1, or a whole number"),
        ({"validation": 0.0}, "validation: expected a share"),
        ({"validation": 1.0}, "validation: expected a share"),
        ({"validation": 1}, "validation: expected a share"),
        ({"validation": -5}, "validation: expected a share"),
        ({"validation": True}, "validation: expected a share"),
        ({"flipped_copies": "no"}, "flipped_copies: expected true or false, found 'no'"),
    ],
    ids=str,
)  # fmt: skip
def test_a_setting_that_is_unknown_or_out_of_range_is_refused_in_one_line(setting, message):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        recipe(**setting)
    assert "\n" not in str(caught.value)


def test_validation_takes_a_share_or_a_number_of_first_rows():
    assert recipe(validation=0.1).validation == 0.1
    assert recipe(validation=2400).validation == 2400


def test_replace_changes_what_is_named_and_checks_it_again():
    changed = recipe().replace(epochs=7)
    assert (changed.epochs, changed.batch_size) == (7, 128)
    with pytest.raises(InputError, match="unknown setting of a recipe 'epoch': did you mean 'epochs'"):
        recipe().replace(epoch=7)
    with pytest.raises(InputError, match="epochs"):
        recipe().replace(epochs=-7)


def test_a_recipe_cannot_be_changed_through_what_it_was_made_of():
    options = {"dropout": 0.1}
    made = recipe(options=options)
    options["dropout"] = 0.9
    assert made.options["dropout"] == 0.1
    with pytest.raises(TypeError):
        made.options["dropout"] = 0.9


def test_an_arm_changes_one_option_and_reads_its_value_as_python_where_it_can():
    base = recipe(options={"depth": 11})
    assert dict(arm(base, "activation=prelu").options) == {"depth": 11, "activation": "prelu"}
    assert dict(arm(base, "depth = 13").options) == {"depth": 13}
    assert dict(arm(base, "w1=4+w2=5").options) == {"depth": 11, "w1": 4, "w2": 5}
    assert arm(base, "flipped_copies=true").flipped_copies is True
    assert arm(base, "w=False+crop=null+v=false").options == {"depth": 11, "w": False, "v": False}
    assert arm(base, "depth=" + 20_000 * "-" + "1").options["depth"].startswith("-")
    assert dict(base.options) == {"depth": 11}
    for text in ("depth", "=3"):
        with pytest.raises(InputError, match="expected setting=value"):
            arm(base, text)


def test_only_what_decides_the_weights_is_among_the_settings():
    settings = recipe(options={"dropout": 0.1}).settings()
    assert settings["options"] == {"dropout": 0.1}
    assert not {"source", "cost", "stated", "multiply_adds"} & set(settings)
    other = recipe(source=Text("丙", "c"), stated={"public": 0.7}, multiply_adds=2, options={"dropout": 0.1})
    assert other.settings() == settings


def test_what_a_source_states_is_kept_only_beside_its_own_settings():
    stated = {"validation": 0.6438, "public": 0.6506}
    own = get_recipe("three_block_cnn")
    assert own.replace(precision="mixed_bfloat16", epochs=own.epochs).stated == stated
    assert own.replace(epochs=3).stated == {}
    assert arm(own, "depth=2").stated == {}


def test_the_dnn_is_trained_the_other_way_too():
    assert dnn_otherwise(RECIPES["three_block_cnn"], RECIPES["pyramid_dnn"]).keys() == {"pyramid_dnn/none"}
    (label, other) = dnn_otherwise(RECIPES["five_conv_cnn"], RECIPES["wide_dnn"]).popitem()
    assert (label, other.augmentation, other.stated) == ("wide_dnn/affine_constant", "affine_constant", {})


def test_small_images_come_for_a_share_of_however_many_epochs_there_are():
    shared = recipe(epochs=24, small_share=0.6)
    assert (shared.small_epochs, shared.replace(epochs=6).small_epochs) == (14, 3)
    with pytest.raises(InputError, match="small_share: expected a number from 0 to"):
        recipe(small_share=1)


def test_an_unknown_recipe_is_told_with_the_nearest_name():
    with pytest.raises(InputError, match="unknown recipe 'compact_cn': did you mean 'compact_cnn'"):
        get_recipe("compact_cn")


def test_every_network_of_the_reports_has_a_recipe_with_source_and_cost_in_both_languages():
    assert set(RECIPES) >= {
        "vgg16_dropout", "vgg16_mini", "leaky_cnn", "shallow_cnn", "shallow_dnn", "three_block_cnn",
        "pyramid_dnn", "two_block_cnn", "five_conv_cnn", "wide_dnn", "compact_cnn", "champion_vgg",
        "champion_resnet", "practice_cnn", "practice_dnn",
    }  # fmt: skip
    for name, entry in RECIPES.items():
        assert entry.name == name
        assert all((entry.source.zh, entry.source.en, entry.cost.zh, entry.cost.en))
        assert all(0 < accuracy < 1 for accuracy in entry.stated.values())


def test_reports_are_redone_with_their_own_settings():
    a, b, c = get_recipe("leaky_cnn"), get_recipe("shallow_cnn"), get_recipe("three_block_cnn")
    assert (a.optimizer, a.learning_rate, a.schedule) == ("adam", 1e-4, "plateau")
    assert (a.schedule_factor, a.schedule_patience, a.batch_size) == (0.1, 25, 128)
    assert (a.normalization, a.augmentation) == ("mean_then_unit", "affine_nearest")
    assert (b.optimizer, b.learning_rate, b.epochs, b.flipped_copies) == ("adadelta", 1.0, 25, True)
    assert (c.validation, c.epochs, c.augmentation) == (2400, 20, "shift_flip")
    assert get_recipe("pyramid_dnn").augmentation == "shift_flip"
    d, e = get_recipe("two_block_cnn"), get_recipe("five_conv_cnn")
    assert (d.augmentation, d.epochs, d.optimizer) == ("balanced", 250, "adam")
    assert (e.normalization, e.augmentation, e.learning_rate) == ("standardized", "affine_constant", 1e-3)


@pytest.fixture(scope="module")
def networks():
    """name -> multiply-adds, each network built as its recipe says."""
    from fer_nb.learning.models import build_shapes, multiply_adds

    counts = {}
    for name, entry in RECIPES.items():
        network = build_shapes(entry.architecture, crop=entry.crop, **entry.options)
        counts[name] = multiply_adds(network)
    return counts


@pytest.mark.slow
def test_a_recipe_states_the_multiply_adds_that_its_network_has(networks):
    assert {name: entry.multiply_adds for name, entry in RECIPES.items()} == networks


def test_a_recipe_with_fixed_pixels_moves_none_and_keeps_the_rest():
    fixed = with_fixed_pixels(get_recipe("compact_cnn"))
    assert (fixed.augmentation, fixed.flipped_copies, fixed.crop, fixed.small_epochs) == (
        "none",
        False,
        None,
        0,
    )
    assert (fixed.epochs, fixed.learning_rate) == (16, get_recipe("compact_cnn").learning_rate)
    assert with_fixed_pixels(get_recipe("champion_vgg"), epochs=3).epochs == 3
