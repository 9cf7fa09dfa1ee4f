"""The homework's own shape: a labelled train.csv, and a test.csv whose labels nobody has."""

import json

import pytest
from small_report import run_report, write_foreign_network

from fer_nb.data import load

pytestmark = pytest.mark.slow

FEW = {
    "ablation_epochs": 1,
    "ablation_variants": "[none+none, none+shift_flip]",
    "cnn_arms": "[]",
    "cnn_epochs": 1,
    "cnn_fit_weights": "false",
    "matrix_epochs": 1,
    "pair_epochs": 1,
    "semi_epochs": 1,
    "semi_shares": "[]",
}
"""What the whole report of the other tests trains and this one need not."""


def rows(header, numbers, images):
    lines = (f"{n},{' '.join(map(str, image.ravel()))}\n" for n, image in zip(numbers, images, strict=True))
    return header + "\n" + "".join(lines)


def test_all_notebooks_run_where_no_test_image_has_a_label_with_a_network_of_somebody_else(tmp_path):
    faces = load("practice:210", seed=1)
    training, test = faces.of("Training"), faces.of("PublicTest")
    folder = tmp_path / "homework"
    folder.mkdir()
    (folder / "train.csv").write_text(rows("label,feature", training.labels, training.images), "utf-8")
    (folder / "test.csv").write_text(rows("id,feature", range(len(test)), test.images), "utf-8")
    theirs = tmp_path / "theirs.keras"
    write_foreign_network(theirs)
    given = FEW | dict.fromkeys(("saliency_model", "ascent_model"), theirs)
    members = f"[practice_cnn, {theirs}]"
    result = run_report(str(folder), tmp_path, cnn_members=members, **given)
    assert result.exit_code == 0, result.output
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert {entry["status"] for entry in results["notebooks"].values()} == {"ok"}
    first = results["notebooks"]["01_cnn"]["results"]
    assert set(first["models"]["practice_cnn"]) == {"validation"}
    # What they have learned from nobody knows: no image is held out of the blend.
    assert set(first["models"]["blend"]) == {"training"}
    assert "of the training images are classified correctly" in first["answer"]["front"]["en"]
    assert "theirs" in results["notebooks"]["06_gradient_ascent"]["results"]["layers"]
