"""The profile for a GPU, from end to end on a CPU: all that it asks for, by small networks, under JAX.

On the homework's own shape, a labelled train.csv and a test.csv whose labels nobody has, with a network of
somebody else wherever one can be given: one run for all of it.
"""

import json

import pytest
from small_report import ROOT, run_report, write_foreign_network

from fer_nb.data import load

pytestmark = pytest.mark.slow

OWN = """
from keras import Input, Sequential, layers


def small():
    reads = [Input((48, 48, 1)), layers.Conv2D(4, 5, strides=4, activation="relu"), layers.Flatten()]
    return Sequential([*reads, layers.Dense(7)])


def plain():
    reads = [Input((48, 48, 1)), layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(6, "relu")]
    return Sequential([*reads, layers.Dense(7)])


small.recipe = plain.recipe = {"batch_size": 64, "augmentation": "flip"}
"""
"""Networks of somebody who works here: 3,499 parameters and 3,511, which take a moment to train."""

SMALL = {
    "ablation_recipes": "[small]",
    "ablation_epochs": 1,
    "ablation_repeats": 2,
    "ablation_variants": "[none+none, none+affine_constant]",
    "ascent_epochs": 1,
    "ascent_worse_recipes": "[small]",
    "cnn_arms": "[]",
    "cnn_recipes": "[small, plain]",
    "cnn_epochs": 1,
    "cnn_fit_weights": "false",  # on what no member has learned from, which is not known of theirs
    "pair_epochs": 1,
    "pair_recipes": "[small, plain]",
    "semi_epochs": 1,
    "semi_recipes": "[small]",
    "semi_shares": "[]",
    "semi_unlabelled_ratio": 1,
}


def rows(header, numbers, images):
    lines = (f"{n},{' '.join(map(str, image.ravel()))}\n" for n, image in zip(numbers, images, strict=True))
    return header + "\n" + "".join(lines)


def write_homework(folder):
    """Write train.csv and test.csv of a few practice faces, as the course gives them."""
    faces = load("practice:105", seed=1)
    training, test = faces.of("Training"), faces.of("PublicTest")
    folder.mkdir()
    (folder / "train.csv").write_text(rows("label,feature", training.labels, training.images), "utf-8")
    (folder / "test.csv").write_text(rows("id,feature", range(len(test)), test.images), "utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """How the run ended, and its results.json."""
    folder = tmp_path_factory.mktemp("full")
    write_homework(folder / "homework")
    theirs = folder / "theirs.keras"
    write_foreign_network(theirs)
    given = dict.fromkeys(("matrix_model", "saliency_model", "ascent_model"), theirs)
    given["cnn_members"] = f"[small, {theirs}]"
    (folder / "own_networks.py").write_text(OWN, encoding="utf-8")
    for name in ("notebooks", "params"):
        (folder / name).symlink_to(ROOT / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "jax")
        # Most of a short training is compiling: it is done with little care, and what is compiled is kept.
        patch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
        patch.setenv("JAX_COMPILATION_CACHE_DIR", str(folder / "compiled"))
        patch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
        options = ("--profile", "full", "--allow-cpu")
        result = run_report(str(folder / "homework"), folder, *options, root=folder, **SMALL | given)
    path = folder / "report" / "results.json"
    assert path.exists(), result.output
    return result, json.loads(path.read_text(encoding="utf-8"))


def test_the_full_profile_runs_to_the_end_on_a_cpu_under_jax(told):
    result, results = told
    assert result.exit_code == 0, result.output
    assert {entry["status"] for entry in results["notebooks"].values()} == {"ok"}
    assert results["environment"]["device"]["en"].endswith(", jax")
    assert set(results["notebooks"]["01_cnn"]["results"]["models"]) == {
        "small",
        "plain",
        "blend",
    }
    semi = results["notebooks"]["07_semi_supervised"]["results"]["models"]
    protocols = {label.split("/")[1] for label in semi}
    assert {"report_b", "report_c", "iterated", "fixmatch"} <= protocols


def test_where_no_test_image_has_a_label_the_first_notebook_answers_by_validation_and_training(told):
    _, results = told
    first = results["notebooks"]["01_cnn"]["results"]
    assert set(first["models"]["small"]) == {"validation"}
    # What they have learned from nobody knows: no image is held out of the blend.
    assert set(first["models"]["blend"]) == {"training"}
    assert "of the training images are classified correctly" in first["answer"]["front"]["en"]


def test_a_network_of_somebody_else_is_looked_into_and_not_trained(told):
    _, results = told
    assert "models" not in results["notebooks"]["04_confusion_matrix"]["results"]
    assert "theirs" in results["notebooks"]["06_gradient_ascent"]["results"]["layers"]
