"""The profile for a GPU, from end to end on a CPU: all that it asks for, by small networks, under JAX."""

import json

import pytest
from small_report import run_report, write_foreign_network

pytestmark = pytest.mark.slow

SMALL = {
    "ablation_recipes": "[practice_cnn]",
    "ablation_epochs": 1,
    "ablation_repeats": 2,
    "ablation_variants": "[none+none, none+affine_constant]",
    "ascent_epochs": 1,
    "ascent_recipes": "[practice_cnn]",
    "ascent_worse_recipes": "[practice_dnn]",
    "cnn_arms": "[]",
    "cnn_epochs": 1,
    "matrix_recipes": "[practice_cnn]",
    "pair_epochs": 1,
    "pair_recipes": "[practice_cnn, practice_dnn]",
    "saliency_epochs": 1,
    "saliency_recipes": "[practice_cnn]",
    "semi_epochs": 1,
    "semi_recipes": "[practice_cnn]",
    "semi_shares": "[]",
    "semi_unlabelled_ratio": 1,
}


def test_the_full_profile_runs_to_the_end_on_a_cpu_under_jax(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    # Most of a short training is compiling: it is done with little care, and what is compiled is kept.
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "compiled"))
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    theirs = tmp_path / "theirs.keras"
    write_foreign_network(theirs)
    options = ("--profile", "full", "--allow-cpu")
    result = run_report("practice:105", tmp_path, *options, matrix_model=theirs, **SMALL)
    assert result.exit_code == 0, result.output
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert {entry["status"] for entry in results["notebooks"].values()} == {"ok"}
    assert results["environment"]["device"]["en"].endswith(", jax")
    assert set(results["notebooks"]["01_cnn"]["results"]["models"]) == {
        "practice_cnn",
        "practice_dnn",
        "blend",
    }
    assert "models" not in results["notebooks"]["04_confusion_matrix"]["results"]  # not trained here
    semi = results["notebooks"]["07_semi_supervised"]["results"]["models"]
    protocols = {label.split("/")[1] for label in semi}
    assert {"report_b", "report_c", "iterated", "fixmatch"} <= protocols
