import json
import re
from pathlib import Path

import click
import pandas as pd
import pytest
import yaml

from benchmarks import blocks, ledger, overview, records, time_to_accuracy
from fer_nb.learning.recipes import RECIPES

ROOT = Path(__file__).parents[2]
SCORE = {"accuracy": 0.65, "low": 0.634, "high": 0.665, "n": 3589}
FACTS = {
    "recipe": {"name": "compact_cnn"},
    "data": {"fingerprints": {"Training": "ab"}, "counts": {"Training": 28709}},
    "seed": 1,
    "epochs": 20,
    "kept_epoch": 19,
    "seconds": 600.0,
    "training_images": 25_838,
    "device": {"zh": "2 個 CPU 核心", "en": "2 CPU cores"},
    "versions": {"keras": "3.15"},
    "stated": {"public": 0.7},
    "metrics": {"public": {"all": SCORE, "clean": SCORE}},
    "cost": "left out",
}


def test_a_record_keeps_what_a_measurement_needs_and_no_more():
    record = records.record_of(FACTS, name="compact_cnn-0123")
    assert record["models"] == {"compact_cnn": FACTS["metrics"]}
    assert record["members"] == []
    assert "cost" not in record


def test_the_table_has_measured_and_stated_accuracy_side_by_side():
    table = records.records_table([records.record_of(FACTS, name="compact_cnn-0123")])
    row = table.splitlines()[-1]
    assert row == (
        "| `compact_cnn` | 25,838 | 20 | 1 | 10 | — | 65.0 [63.4, 66.5] | — | — / 70.0 / — | 2 CPU cores |"
    )


def test_a_network_over_several_views_has_a_row_of_its_own():
    record = records.record_of(FACTS, name="r", more={"compact_cnn, flip": FACTS["metrics"]})
    rows = records.records_table([record | {"seed": None}]).splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| `compact_cnn`", "| `compact_cnn, flip`"]
    assert " | — | 10 | " in rows[-1]


def test_runs_on_other_images_are_refused():
    with pytest.raises(click.UsageError, match="tiny-1: expected the test images of FER2013"):
        records.refuse_other_data({"data": {"fingerprints": {"PrivateTest": "ab"}}}, name="tiny-1")


def test_the_ledger_takes_the_first_seed_whatever_the_others_reach():
    kept = []
    for seed, accuracy in ((1, 0.65), (2, 0.75)):
        score = SCORE | {"accuracy": accuracy}
        facts = {**FACTS, "seed": seed, "metrics": {"public": {"all": score, "clean": score}}}
        kept.append(records.record_of(facts, name=f"r{seed}"))
    for order in (kept, kept[::-1]):
        shown = ledger.measured({"recipe": "compact_cnn", "splits": ["public"]}, order, {})
        assert shown.startswith("65.0")


def test_the_readme_keeps_all_but_the_table():
    readme = "before\n<!-- records -->\n{}\n<!-- end of records -->\nafter\n"
    assert blocks.renewed(readme.format("old"), "records", "new") == readme.format("new")
    with pytest.raises(ValueError, match="expected <!-- records -->"):
        blocks.renewed("no marks", "records", "new")


def test_every_record_in_the_repository_is_one_and_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    kept = records.read_records()
    assert blocks.renewed(readme, "records", records.records_table(kept)) == readme
    for path in records.RECORDS.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["run"] == path.stem


def test_the_ledger_names_notebooks_recipes_and_profiles_that_exist():
    for entry in yaml.safe_load(ledger.ENTRIES.read_text(encoding="utf-8")):
        assert (ROOT / "notebooks" / f"{entry['notebook']}.ipynb").exists(), entry["notebook"]
        assert (ROOT / "params" / f"report_{entry['report'].lower()}.yaml").exists()
        for key in ("recipe", "parameters"):
            assert entry.get(key, "compact_cnn") in RECIPES


def test_the_ledger_shows_the_longest_record_and_a_dash_where_there_is_none():
    long, short = dict(FACTS), {**FACTS, "epochs": 2, "metrics": {}}
    kept = [records.record_of(facts, name=f"r{facts['epochs']}") for facts in (short, long)]
    entry = {"recipe": "compact_cnn", "splits": ["public"]}
    assert ledger.measured(entry, kept, {}) == "65.0 [63.4, 66.5] (20 epochs, `r20`)"
    assert ledger.measured({"recipe": "wide_dnn", "splits": ["public"]}, kept, {}) == "—"
    assert ledger.measured({"parameters": "wide_dnn"}, kept, {"wide_dnn": 5_778_439}) == "5,778,439"
    assert ledger.measured({"setting": "cnn_arms"}, kept, {}) == "—"
    needed = {"zh": "一次訓練", "en": "one training", "gpu": 0.5, "cpu": 20}
    told = ledger.measured({"setting": "cnn_arms", "hours": needed}, kept, {}).split("<br>")
    assert told[0] == "—" and told[2].startswith("one training: about 0.5 h on an H200 ")


def test_the_committed_ledger_is_what_its_script_writes():
    page = blocks.RESULTS.read_text(encoding="utf-8")
    entries = yaml.safe_load(ledger.ENTRIES.read_text(encoding="utf-8"))
    written = {
        entry["parameters"]: int(re.sub(r"\D", "", row.split("|")[4]))
        for entry, row in zip(entries, [row for row in page.splitlines() if "params/" in row], strict=True)
        if "parameters" in entry
    }
    made = ledger.ledger_page(entries, records.read_records(), written, ledger.read_claims())
    assert blocks.renewed(page, "ledger", made) == page


def history(seconds, accuracies):
    return time_to_accuracy.timed(
        pd.DataFrame(
            {
                "epoch": range(1, len(accuracies) + 1),
                "seconds": seconds,
                "validation_accuracy": accuracies,
            }
        )
    )


def test_time_to_accuracy_is_counted_to_the_end_of_the_first_epoch_that_reaches_it():
    slow, fast = history(600.0, [0.5, 0.62, 0.61]), history(60.0, [0.4, 0.6, 0.63])
    histories = {"three_block_cnn": slow, "compact_cnn": fast}
    assert time_to_accuracy.minutes_to(slow, 0.55) == 20.0
    verdict = time_to_accuracy.verdict(histories)
    assert "0.6200, in 3.0 minutes instead of 20.0: 6.7 times as fast" in verdict
    table = time_to_accuracy.table(histories)
    assert table["best"].tolist() == ["0.6200", "0.6300"]
    assert table["at epoch"].tolist() == [2, 3]
    assert table["min to 0.6200"].tolist() == ["20.0", "3.0"]
    assert table["seconds an epoch"].tolist() == ["600 to 600", "60 to 60"]


def test_an_accuracy_that_is_never_reached_is_said_so():
    histories = {"three_block_cnn": history(1.0, [0.7]), "compact_cnn": history(1.0, [0.6])}
    assert "compact_cnn does not reach the 0.7000" in time_to_accuracy.verdict(histories)


def _seed(seed, accuracy, seconds):
    scores = {
        split: {"all": {"accuracy": accuracy, "n": 3589}} for split in ("validation", "public", "private")
    }
    named = {"recipe": {"name": "small"}, "device": {"en": "2 CPU cores"}, "seed": seed, "seconds": seconds}
    return named | {"models": {"small": scores}}


def test_what_a_network_reaches_is_the_mean_over_its_seeds():
    [one] = overview.reached([_seed(1, 0.60, 600), _seed(2, 0.70, 1200)])
    assert one.seeds == 2
    assert one.minutes == (10, 20)
    assert one.accuracies["public"] == (pytest.approx(0.65), 3589)


def test_networks_of_other_settings_or_devices_are_not_averaged():
    other = _seed(2, 0.70, 60) | {"recipe": {"name": "small", "epochs": 2}}
    card = _seed(3, 0.70, 60) | {"device": {"en": "NVIDIA"}}
    assert [one.seeds for one in overview.reached([_seed(1, 0.60, 60), other, card])] == [1, 1, 1]


def test_the_first_table_leaves_out_what_no_two_cores_trained_and_ends_with_the_marks():
    card = _seed(3, 0.70, 60) | {"device": {"en": "NVIDIA"}}
    lines = overview.overview_table(overview.reached([_seed(1, 0.60, 600), card])).splitlines()
    assert lines[2].startswith("| `small` | 10 | 60.0 [58.4, 61.6] | ")
    assert [line.split(" | ")[-2:] for line in lines[3:]] == [
        ["62.16", "62.41 |"],
        ["67.85", "66.56 |"],
        ["71.91", "70.66 |"],
    ]


@pytest.mark.parametrize(("seconds", "minutes"), [((170, 190), "3"), ((600, 170), "3–10")])
def test_minutes_that_round_to_the_same_stand_once(seconds, minutes):
    seeds = [_seed(number, 0.60, taken) for number, taken in enumerate(seconds)]
    row = overview.overview_table(overview.reached(seeds)).splitlines()[2]
    assert row.startswith(f"| `small`（2 seeds） | {minutes} | ")


def test_the_first_table_of_the_readme_is_that_of_the_records():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert overview.overview_table(overview.reached(records.read_records())) in text


@pytest.mark.parametrize(
    ("validation", "word"),
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "still rising"),
        ([0.5, 0.6, 0.5, 0.6, 0.5, 0.6], "not shown to rise still"),
    ],
)
def test_the_ledger_says_where_a_training_stood_at_its_end(validation, word):
    found = ledger.ending({"training_accuracy": [0.2, 0.9], "validation_accuracy": validation})
    assert found.en.startswith("at its end 90.0% of the training images and 60.0% of the validation images")
    assert found.en.endswith(f"validation accuracy {word}")
