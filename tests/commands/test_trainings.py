import pytest

from fer_nb.commands import checks, train_all, worker
from fer_nb.commands.train_all import run_training
from fer_nb.commands.trainings import planned_trainings
from fer_nb.data import practice
from fer_nb.errors import InputError
from fer_nb.learning import own_networks
from fer_nb.learning.models.registry import ARCHITECTURES
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.training.train import NotTrained

PRACTICE = {"data": "practice:700", "seed": 3}


def planned(**values):
    return planned_trainings({"03": PRACTICE | values})


def test_each_recipe_is_trained_once_a_seed_on_all_practice_faces():
    trainings = planned(x_recipes=["practice_cnn", "practice_dnn"], x_repeats=2, x_epochs=5)
    assert [(training.label, training.seed) for training in trainings] == [
        ("practice_cnn", 3),
        ("practice_cnn", 4),
        ("practice_dnn", 3),
        ("practice_dnn", 4),
    ]
    assert {training.images for training in trainings} == {700}
    assert {training.recipe.epochs for training in trainings} == {5}


def test_no_epochs_means_the_recipe_s_own():
    (training,) = planned(x_recipes=["practice_cnn"], x_epochs=0)
    assert training.recipe == get_recipe("practice_cnn")


def test_a_notebook_s_own_subset_goes_before_the_images_of_all():
    (own,) = planned(x_recipes=["practice_cnn"], x_subset=100, training_images=300)
    (shared,) = planned(x_recipes=["practice_cnn"], x_subset=0, training_images=300)
    assert (own.images, shared.images) == (100, 300)


def test_arms_vary_the_first_recipe_and_the_variants_of_an_ablation_stand_for_it():
    _, option = planned(x_recipes=["practice_cnn"], x_arms=["dropout=0.4"])
    assert option.recipe.options == {"dropout": 0.4}
    (ablation,) = planned(x_recipes=["practice_cnn"], x_variants=["unit+flip*2"])
    assert (ablation.recipe.normalization, ablation.recipe.augmentation) == ("unit", "flip")
    assert ablation.recipe.augmentation_strength == 2.0


def test_settings_change_every_recipe_and_its_variants():
    changed = planned(
        x_recipes=["practice_cnn", "practice_dnn"],
        x_arms=["batch_size=16"],
        settings=["batch_size=64", "dropout=0.3"],
    )
    assert [(one.recipe.batch_size, one.recipe.options["dropout"]) for one in changed] == [
        (64, 0.3), (64, 0.3), (16, 0.3)
    ]  # fmt: skip
    for others in ({"x_variants": ["unit+flip"]}, {"x_protocols": ["report_c"]}):
        one, *_ = planned(x_recipes=["practice_cnn"], settings=["batch_size=64"], **others)
        assert one.recipe.batch_size == 64


def test_the_dnn_is_trained_a_second_time_in_another_way():
    third = planned(x_recipes=["practice_cnn", "practice_dnn"], x_dnn_otherwise=True)[2]
    assert (third.label, third.recipe.augmentation) == ("practice_dnn/none", "none")
    third = planned(x_recipes=["five_conv_cnn", "wide_dnn"], x_dnn_otherwise=True)[2]
    assert (third.label, third.recipe.augmentation) == ("wide_dnn/affine_constant", "affine_constant")


def test_another_network_that_is_looked_at_is_not_trained():
    assert planned(x_recipes=["practice_cnn"], x_model="mine.keras") == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"x_recipes": ["practise_cnn"]}, "did you mean 'practice_cnn'"),
        ({"x_recipes": []}, "expected one recipe or more"),
        ({"x_recipes": ["practice_cnn"], "x_repeats": 0}, "x_repeats: expected 1 or more, found 0"),
        ({"x_recipes": ["practice_cnn"], "x_epochs": -1}, "epochs: expected a whole number"),
        ({"x_recipes": ["practice_cnn"], "x_arms": ["dropout"]}, "expected setting=value"),
        (
            {"x_recipes": ["practice_cnn"], "settings": ["batch_size=0"]},
            "batch_size: expected a whole number",
        ),
        ({"x_recipes": ["practice_cnn"], "x_variants": ["flip"]}, r"expected normalization\+augmentation"),
        ({"x_recipes": ["practice_cnn"], "x_variants": ["unit+flip*-1"]}, "strength"),
    ],
)
def test_a_bad_value_is_refused_with_the_notebook_s_name(values, message):
    with pytest.raises(InputError, match=message) as refused:
        planned(**values)
    assert str(refused.value).startswith("03: ")


def test_protocols_train_all_their_arms_for_every_seed_and_once_at_every_other_share():
    trainings = planned(
        x_recipes=["practice_cnn"], x_protocols=["report_b", "fixmatch"], x_epochs=4, x_more_epochs=1,
        x_repeats=2, x_shares=[0.5], x_unlabelled_ratio=3,
    )  # fmt: skip
    labels = [training.label.removeprefix("practice_cnn/") for training in trainings]
    arms = ["teacher", "control", "student 1"]
    assert labels == [
        *[f"report_b/{arm}" for arm in arms] * 2,
        *["fixmatch/control", "fixmatch/student 1"] * 2,
        *[f"report_b/0.5/{arm}" for arm in arms],
    ]
    assert [training.seed for training in trainings] == [3] * 3 + [4] * 3 + [3] * 2 + [4] * 2 + [3] * 3
    assert [training.recipe.epochs for training in trainings[:3]] == [4, 1, 1]
    teacher, student = trainings[6:8]
    assert student.images == teacher.images * 7


def test_a_protocol_that_does_not_exist_or_makes_no_sense_is_refused_with_the_notebook_s_name():
    for values, message in (
        ({"x_protocols": ["report_x"]}, "03: unknown protocol 'report_x'"),
        ({"x_protocols": []}, "03: x_protocols: expected one protocol or more, found none"),
        ({"x_protocols": ["report_c+transductive"]}, "03: x_protocols: expected one that compares first"),
        ({"x_protocols": ["report_b"], "x_shares": [1.0]}, "03: protocol 'report_b': hidden: expected"),
    ):
        with pytest.raises(InputError, match=message):
            planned(x_recipes=["practice_cnn"], **values)


def test_a_process_that_has_not_read_the_own_networks_reads_them_when_one_is_to_be_trained(
    tmp_path, monkeypatch
):
    code = "import keras\n\ndef my_dnn():\n    x = keras.Input((48, 48, 1))\n"
    code += "    return keras.Model(x, keras.layers.Dense(7)(keras.layers.Flatten()(x)))\n"
    (tmp_path / "own_networks.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (training,) = planned(x_recipes=["my_dnn"])
    monkeypatch.setattr(own_networks, "_READ", {})
    monkeypatch.delitem(ARCHITECTURES, "my_dnn")
    with pytest.raises(NotTrained, match="my_dnn-"):
        run_training(training, practice(70, seed=0), runs=tmp_path, only_find=True)


@pytest.mark.parametrize(("options", "here"), [((), True), (("--workers", "2"), False)])
def test_the_process_that_trains_keeps_the_gpu_when_it_checks(run, options, here, monkeypatch):
    seen = {}
    monkeypatch.setattr(checks, "check", lambda _, *, use_gpu: seen.update(use_gpu=use_gpu))
    monkeypatch.setattr(train_all, "train_ahead", lambda *_, **__: 0)
    assert run("train-all", "--data", "practice:70", *options).exit_code == 0
    assert seen == {"use_gpu": here}


def test_a_preset_that_was_edited_is_told_from_the_clients(tmp_path, monkeypatch):
    (tmp_path / "presets.yaml").write_text("none: {}", encoding="utf-8")
    monkeypatch.setattr(worker, "PACKAGE", tmp_path)
    before = worker.computing_with()
    (tmp_path / "presets.yaml").write_text("none: {flip: 0.5}", encoding="utf-8")
    assert worker.computing_with()["fer-nb"] != before["fer-nb"]
