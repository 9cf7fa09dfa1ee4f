from types import SimpleNamespace

import numpy as np
import pytest

from fer_nb.analysis.evaluation import Predictions
from fer_nb.findings.semi import tables
from fer_nb.learning.semi.protocols import PROTOCOLS, get_protocol
from fer_nb.learning.semi.splitting import PseudoLabelCounts


def outcome(control, student):
    """What a protocol gave with one seed, from the accuracies of both arms."""
    runs = {
        arm: SimpleNamespace(facts={"metrics": {"test": {"all": {"accuracy": share}}}, "training_images": n})
        for arm, share, n in (("control", control, 80), ("student", student, 95))
    }
    return SimpleNamespace(protocol=get_protocol("report_b"), runs=runs, steps=lambda arm: 50)


def test_each_protocol_says_which_pseudo_labels_it_keeps():
    kept = {name: tables.selection(protocol) for name, protocol in PROTOCOLS.items()}
    assert kept["report_b"].en == "probability above 0.9"
    assert kept["report_c"].zh == "機率至少 0.5"
    assert kept["iterated"].zh == "每輪各類別最有把握的 20%, 40%, 60%"
    assert "7 unlabelled images to a labelled one" in kept["fixmatch"].en


def test_settings_stand_beside_the_means_over_seeds_under_the_protocols_name_in_print():
    outcomes = [outcome(0.5, 0.6), outcome(0.6, 0.62)]
    table = tables.settings_table({"report_b": outcomes}, split="test")
    assert "report_b" not in str(table.columns[1])
    assert table.iloc[:2, 1].tolist() == ["80", "95"]
    assert table.iloc[-2:, 1].tolist() == ["55.0 ± 7.1%", "61.0 ± 1.4%"]
    outcomes[0].runs["teacher"] = outcomes[0].runs["control"]
    assert tables.settings_table({"report_b": outcomes}, split="test").iloc[-3, 1] == "50.0%"


def answered(control, student, labels=(3, 3, 4, 4)):
    """What a protocol gave where both arms answer these classes."""
    runs = {}
    for arm, classes in (("control", control), ("student", student)):
        predictions = {"test": Predictions(np.eye(7)[classes], np.array(labels))}
        runs[arm] = SimpleNamespace(predictions=lambda faces, found=predictions: found)
    return SimpleNamespace(runs=runs)


def test_the_gain_is_over_all_seeds_on_the_same_images():
    outcomes = [answered([3, 0, 0, 0], [3, 0, 4, 4]), answered([3, 3, 0, 4], [3, 0, 4, 4])]
    gain = tables.paired_gain(outcomes, None, None)
    assert gain.by_seed == pytest.approx((0.5, 0.0))


def test_a_share_of_labels_stands_with_the_pseudo_labels_that_were_kept():
    counts = PseudoLabelCounts((10,) * 7, (2,) * 7, (1,) * 7)
    table = tables.label_share_table({0.3: (outcome(0.5, 0.48), counts)}, split="test")
    assert table.iloc[0].tolist() == ["30.0%", 80, "14 / 70", 7, "50.0%", "48.0%", "−2.0"]
