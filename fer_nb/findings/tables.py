"""Tables in two languages, ready for `show_table`: they arrange what was computed elsewhere."""

import re
import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from fer_nb.analysis.evaluation import McNemar, Overfitting
from fer_nb.findings import TEXTS, names
from fer_nb.findings.comparisons import adjusted
from fer_nb.findings.sentences import (
    enumerated,
    interval_text,
    overfitting_verdict,
    p_text,
    percent,
    plural,
    points,
    signed,
)
from fer_nb.language import Text

if TYPE_CHECKING:
    import keras

    from fer_nb.learning.models import Block
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run
    from fer_nb.learning.transforms import AugmentationSettings

_UNSAID = ("name", "precision", "snapshots")  # settings that are no trial of a better network


def block_name(block: "Block") -> Text:
    """Return what a block is called, by its first layer's kind and the numbers in its name: conv 4-1."""
    layer = block.layers[0]
    if layer.name == "logits":
        return TEXTS["output"]
    if not block.kernel:
        return TEXTS["input"]
    name = names.layer_class(layer, "-".join(re.findall(r"\d+", layer.name)))
    return TEXTS["block name"].format(role=name) if "shortcut" in layer.name else name


def structure_table(network: "keras.Model") -> pd.DataFrame:
    """Return a row a block: kernel, stride, padding, bias, what follows, shape, parameters, work."""
    from fer_nb.learning.models import blocks

    folded = blocks(network)
    rows: list[tuple[Any, ...]] = []
    for block in folded:
        layer, kernel = block.layers[0], block.kernel
        windows = (layer.strides[0], layer.padding) if len(kernel) == 4 else (None, None)
        bias = layer.use_bias if kernel else None
        shapes = ("×".join(map(str, kernel)) or None, *windows, bias, steps(block))
        size = ("×".join(map(str, block.output_shape)), block.parameters, block.multiply_adds)
        rows.append((block_name(block), *shapes, *size))
    totals = (sum(block.parameters for block in folded), sum(block.multiply_adds for block in folded))
    columns = TEXTS["structure columns"].split()
    return pd.DataFrame([*rows, (TEXTS["total"], *[None] * 6, *totals)], columns=columns).astype(object)


def structure_caption(name: Text, network: "keras.Model") -> Text:
    """Describe the table of a network's structure, and a short word that stands in it."""
    normalized = any(type(layer).__name__ == "BatchNormalization" for layer in network.layers)
    short = TEXTS["short for batch normalization"] if normalized else ""
    return TEXTS["caption of a structure"].format(name=name, short=short)


def steps(block: "Block") -> Text | None:
    """Return what a block does beside its kernel: activation, normalization, pooling, dropout."""
    said = []
    for layer in block.layers:
        activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
        if activation != "linear":
            said.append(Text(names.written(activation), names.written(activation)))
        if layer.name == "normalization":
            said.append(TEXTS["normalization"])
        elif not hasattr(layer, "kernel") and type(layer).__name__ not in ("InputLayer", "Activation"):
            size = "×".join(map(str, getattr(layer, "pool_size", ()))) or str(getattr(layer, "rate", ""))
            said.append(names.layer_class(layer, size))
    return enumerated(said) if said else None


def recipe_table(runs: Mapping[str, "Run"], *, differing: bool = False) -> pd.DataFrame:
    """Return the training settings, one column a network; what no network makes use of is left out.

    Args:
        runs: Label -> run.
        differing: Whether to list only those in which the networks differ.
    """
    each, rows = [_settings(run, chosen=not differing) for run in runs.values()], []
    for name in each[0]:
        values = [settings[name] for settings in each]
        if any(values) and not (differing and len(set(values)) == 1):
            rows.append([name, *(one or None for one in values)])
    return pd.DataFrame(rows, columns=[TEXTS["setting"], *map(names.network, runs)])


def accuracy_table(runs: Mapping[str, "Run"], *, kept: str, tests: Mapping[str, McNemar]) -> pd.DataFrame:
    """Return a row a network: its accuracy on each split, and how it stands to the one kept.

    Where test images leaked into training, a column says the accuracy without them.

    Args:
        runs: Label -> run.
        kept: The label of the network that is kept.
        tests: Label of each other network -> its McNemar test against the one kept, on the last split;
            p-values are adjusted by Holm for their number.
    """
    p_values = adjusted(tests)
    splits = [split for split in ("validation", "public", "private", "test") if _known(runs, split)]
    leaks = any(scores["all"]["n"] != scores["clean"]["n"] for scores in _known(runs, "test"))
    rows = []
    for label, run in runs.items():
        scores = run.facts["metrics"]
        row: list[Any] = [names.network(label)]
        row += [interval_text(scores[split]["all"]) if split in scores else None for split in splits]
        row += [interval_text(scores["test"]["clean"])] if leaks else []
        if tests:
            gap, p = (signed(tests[label].difference or 0), p_values[label]) if label in tests else ("", 0.0)
            row.append(f"{gap} ({p_text(p)})" if gap else TEXTS["baseline"])
        rows.append(row)
    columns = [TEXTS["network"], *map(names.split, splits)]
    columns += [TEXTS["without leaked images"]] if leaks else []
    columns += [TEXTS["difference points"].format(split=names.split(splits[-1]))] if tests else []
    return pd.DataFrame(rows, columns=columns)


def _known(runs: Mapping[str, "Run"], split: str) -> list[Any]:
    return [run.facts["metrics"][split] for run in runs.values() if split in run.facts["metrics"]]


def overfitting_table(found: Mapping[str, Overfitting | None]) -> pd.DataFrame:
    """Return a row a network: accuracy on training and validation images at the end, their gap, a verdict."""
    rows = []
    for label, one in found.items():
        numbers: list[str | None] = [None] * 4
        if one is not None:
            shares = (percent(one.training), percent(one.validation))
            numbers = [*shares, f"{signed(one.gap)} / {points(one.limit)}", signed(one.first_gap)]
        rows.append([names.network(label), *numbers, overfitting_verdict(one)])
    return pd.DataFrame(rows, columns=TEXTS["overfitting columns"].split())


def tried_table(kept: "Run", others: Sequence["Run"]) -> pd.DataFrame:
    """Return a row for each other run of the same data: in what it differs from the one kept, its validation.

    Args:
        kept: The run that is kept.
        others: Runs that were found, the ones to list and any others: those of other data, of another seed
            or of the same settings are left out, and those of less than half the epochs, which tell nothing
            of the settings.
    """
    mine, rows = kept.facts["recipe"], []
    for run in others:
        settings = run.facts["recipe"]
        same = all(run.facts[name] == kept.facts[name] for name in ("data", "seed", "training_images"))
        changed = [name for name in settings if settings[name] != mine.get(name) and name not in _UNSAID]
        whole = settings["epochs"] >= mine["epochs"] / 2
        if same and changed and whole and settings["architecture"] == mine["architecture"]:
            scores = run.facts["metrics"]
            said = enumerated(_change(name, settings[name]) for name in changed)
            row = [interval_text(scores[split]["all"]) for split in ("validation", "test") if split in scores]
            rows.append([said, *row])
    splits = [split for split in ("validation", "test") if split in kept.facts["metrics"]]
    return pd.DataFrame(rows, columns=[TEXTS["what was changed"], *map(names.split, splits)])


def _change(setting: str, value: Any) -> Text:
    """Return a setting with its value, as a table of trials lists it."""
    if setting == "options":
        return enumerated(_change(name, option) for name, option in value.items())
    if setting in ("augmentation", "normalization"):
        return getattr(names, setting)(value)
    return names.changed(setting, f"{value}")


def speed_table(runs: Mapping[str, "Run"]) -> pd.DataFrame:
    """Return a row a network: parameters, multiply-adds, seconds an epoch and images a second in training.

    The first epoch is left out where there are several: it includes making the graph.
    """
    rows = []
    for label, run in runs.items():
        facts, seconds = run.facts, run.seconds_per_epoch()
        rates = (round(seconds, 2), round(facts["images_per_epoch"] / seconds))
        rows.append((names.network(label), facts["parameters"], facts["multiply_adds"], *rates))
    return pd.DataFrame(rows, columns=TEXTS["speed columns"].split())


def accuracies(runs: Sequence["Run"], split: str) -> list[float]:
    """Return the accuracy of each run on a split; none where the split has no labels."""
    return [run.facts["metrics"][split]["all"]["accuracy"] for run in runs if split in run.facts["metrics"]]


def mean_and_deviation(shares: Sequence[float]) -> str | None:
    """Write the mean of shares in percent, and where there are several their standard deviation."""
    if not shares:
        return None
    mean = f"{100 * statistics.mean(shares):.1f}"
    return mean if len(shares) == 1 else f"{mean} ± {100 * statistics.stdev(shares):.1f}"


def rate(recipe: "Recipe") -> Text:
    """Return the learning rate of a recipe with its schedule."""
    high, factor, patience = recipe.learning_rate, recipe.schedule_factor, recipe.schedule_patience
    warmup, waits = recipe.warmup_epochs, {"patience": patience, "factor": factor, "s": plural(patience)}
    climbed = TEXTS["rate warm up of"].format(warmup=warmup, s=plural(warmup)) if warmup else Text("", "")
    schedule = {
        "constant": TEXTS["constant"],
        "plateau": TEXTS["rate times after epochs"].format(**waits),
        "step": TEXTS["rate times every epochs"].format(**waits),
        "cosine": TEXTS["cosine decay to 0"],
        "one_cycle": TEXTS["rate one cycle up"],
    }[recipe.schedule]
    return TEXTS["rate text"].format(high=high, climbed=climbed, schedule=schedule)


def _settings(run: "Run", *, chosen: bool) -> dict[Text, Any]:
    """Return the name of each setting and what it says of a run; nothing where the run makes no use of it.

    Args:
        run: The run.
        chosen: Whether to say which epoch was kept, which is no setting.
    """
    recipe, facts = run.recipe, run.facts
    images = {"learned": facts["training_images"], "held_out": facts["metrics"]["validation"]["all"]["n"]}
    kept = "epochs the last kept" if recipe.selection == "last" else "epochs the best kept"
    kept = "epochs number kept highest" if chosen and recipe.selection != "last" else kept
    rates = {layer.rate for layer in run.network().layers if type(layer).__name__ == "Dropout"}
    decay = TEXTS["weight decay of"].format(decay=recipe.weight_decay) if recipe.weight_decay else ""
    smoothed = TEXTS["smoothing of"].format(share=recipe.label_smoothing) if recipe.label_smoothing else ""
    small = {"epochs": recipe.small_epochs, "side": recipe.small_size}
    return {
        TEXTS["loss function"]: TEXTS["cross-entropy"].format(smoothed=smoothed),
        TEXTS["optimizer"]: TEXTS["optimizer and decay"].format(
            name=names.written(recipe.optimizer), decay=decay
        ),
        TEXTS["learning rate highest"]: rate(recipe),
        TEXTS["batch size"]: TEXTS["images counted"].format(count=recipe.batch_size),
        TEXTS["epochs"]: TEXTS[kept].format(epochs=facts["epochs"], kept=facts["kept_epoch"]),
        TEXTS["dropout probability"]: ", ".join(f"{rate:g}" for rate in sorted(rates)),
        TEXTS["normalization"]: names.normalization(recipe.normalization),
        TEXTS["augmentation"]: _augmentation(recipe),
        names.setting("flipped_copies"): TEXTS["copies are added"] if recipe.flipped_copies else None,
        names.setting("crop"): TEXTS["pixels"].format(side=recipe.crop) if recipe.crop else None,
        TEXTS["smaller images"]: TEXTS["small images"].format(**small) if recipe.small_epochs else None,
        TEXTS["alpha of mixup"]: recipe.mixup and f"{recipe.mixup:g}",
        TEXTS["momentum of the weights"]: recipe.averaging and f"{recipe.averaging:g}",
        names.setting("early_stopping"): recipe.early_stopping and f"{recipe.early_stopping}",
        TEXTS["images of the training"]: TEXTS["images learned from"].format(**images),
        TEXTS["seed"]: f"{facts['seed']}",
    }


def ranges(settings: "AugmentationSettings") -> Text:
    """Return the parts of an augmentation, each with its range."""
    reaches = [(names.part(part), names.part_range(settings, part)) for part in settings.parts]
    return enumerated(TEXTS["name and value"].format(name=name, value=value) for name, value in reaches)


def _augmentation(recipe: "Recipe") -> Text:
    from fer_nb.learning.transforms import augmentation_preset

    settings = augmentation_preset(recipe.augmentation).scaled(recipe.augmentation_strength)
    if not settings.parts:
        return names.augmentation("none")
    return ranges(settings)
