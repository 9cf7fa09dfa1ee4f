"""A value that would fail while a notebook runs is refused before anything does."""

from pathlib import Path

import pytest
import yaml

from fer_nb.errors import InputError
from fer_nb.learning.recipes import VARIABLE
from fer_nb.report import parameters
from fer_nb.report.student import read_student

ROOT = Path(__file__).resolve().parents[2]
DECLARED = {path.stem: parameters.declared(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}


def test_every_parameter_of_every_notebook_has_a_range_and_its_default_lies_in_it():
    ranges = yaml.safe_load(parameters.RANGES.read_text(encoding="utf-8"))
    assert set(ranges) == {name for defaults in DECLARED.values() for name in defaults}
    for defaults in DECLARED.values():
        parameters.choose(DECLARED, [("default", defaults)])


def test_every_setting_of_a_recipe_may_be_given_by_itself_to_all_notebooks_that_train():
    ranges = yaml.safe_load(parameters.RANGES.read_text(encoding="utf-8"))
    assert set(ranges["settings"]["shorthand"]) == VARIABLE | {"dropout"}
    given = parameters.read_settings(["learning_rate=1e-3", "settings=[batch_size=64]", "dropout=0.3"])
    chosen = parameters.choose(DECLARED, [("profile", {"augmentation": "flip"}), ("--set", given)])
    wanted = ["batch_size=64", "learning_rate=1e-3", "dropout=0.3"]
    for notebook, defaults in DECLARED.items():
        assert chosen[notebook] == ({"settings": wanted} if "settings" in defaults else {})


@pytest.mark.parametrize(
    "setting",
    [
        "matrix_split=xx", "seed=-1", "matrix_faces=0", "saliency_kept=7", "saliency_masks=-1",
        "training_images=-1", "cnn_arms=[{a: 1}]", "pair_recipes=[practice_cnn]", "ablation_repeats=0",
        "semi_shares=[0.0]", "ascent_image=test", "cnn_recipes=[]", "saliency_images=[test]",
        "ablation_variants=[a, b]", "settings=[dropout]",
        "semi_shares=[!!binary aGk=]",
    ],
)  # fmt: skip
def test_a_setting_out_of_its_range_is_refused_in_one_line(setting):
    with pytest.raises(
        InputError, match=f"^--set: {setting.partition('=')[0]}: expected .*, found "
    ) as caught:
        parameters.choose(DECLARED, [("--set", parameters.read_settings([setting]))])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: *a", "a: " + "[" * 5000, "a: 1\na: 2", "a: {b: 1, b: 2}", "a: 2024-99-99",
        "a: !!python/object/apply:os.system [touch sprung]", "a: \x07", "a: !unknown 1",
    ],
)  # fmt: skip
def test_yaml_that_unfolds_or_calls_is_refused_in_one_line(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profile.yaml").write_text(text)
    with pytest.raises(InputError, match=r"profile\.yaml: expected (YAML|each key)") as caught:
        parameters.read_yaml(tmp_path / "profile.yaml", "a profile")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "sprung").exists()


def test_half_a_character_in_the_header_is_refused(tmp_path):
    (tmp_path / "s.yaml").write_text('student_id: a\ndepartment: b\nname: "\\ud800"\n')
    with pytest.raises(InputError, match=r"s\.yaml: name: expected text, found half of a character"):
        read_student(tmp_path / "s.yaml", [])
