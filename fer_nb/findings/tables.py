"""Tables in two languages, ready for `show_table`: they arrange what was computed elsewhere."""

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
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
    points,
    signed,
)
from fer_nb.language import Text

if TYPE_CHECKING:
    import keras

    from fer_nb.learning.models import Block
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run

_BASELINE = TEXTS["baseline"]
_UNSAID = ("name", "precision", "snapshots")  # settings that are no trial of a better network

_ROLES = {
    "DepthwiseConv2D": TEXTS["depthwise conv"],
    "Conv2D": TEXTS["conv"],
    "Dense": TEXTS["dense"],
}
_STEPS = {
    "BatchNormalization": TEXTS["bn"],
    "Cropping2D": TEXTS["centre crop"],
    "Flatten": TEXTS["flattening"],
    "MaxPooling2D": TEXTS["max pooling"],
    "AveragePooling2D": TEXTS["average pooling"],
    "GlobalAveragePooling2D": TEXTS["global average pooling"],
    "Add": TEXTS["shortcut added"],
    "Dropout": TEXTS["dropout"],
    "ReLU": TEXTS["relu"],
    "LeakyReLU": TEXTS["leaky relu"],
    "PReLU": TEXTS["prelu"],
}


def block_name(block: "Block") -> Text:
    """Return what a block is called, by its first layer's kind and the numbers in its name: conv 4-1."""
    layer = block.layers[0]
    if layer.name == "logits":
        return TEXTS["output"]
    if not block.kernel:
        return TEXTS["input"]
    role = _ROLES.get(type(layer).__name__, Text(type(layer).__name__, type(layer).__name__))
    if "shortcut" in layer.name:
        role = TEXTS["block name"].format(role=role)
    number = "-".join(re.findall(r"\d+", layer.name))
    return Text(f"{role.zh} {number}".rstrip(), f"{role.en} {number}".rstrip())


def structure_table(network: "keras.Model") -> pd.DataFrame:
    """Return a row a block: kernel, stride, padding, bias, what follows, shape, parameters, work."""
    from fer_nb.learning.models import blocks

    folded = blocks(network)
    rows: list[tuple[Any, ...]] = []
    for block in folded:
        layer, kernel = block.layers[0], block.kernel
        rows.append(
            (
                block_name(block),
                "×".join(map(str, kernel)) or None,
                layer.strides[0] if len(kernel) == 4 else None,
                layer.padding if len(kernel) == 4 else None,
                layer.use_bias if kernel else None,
                steps(block),
                "×".join(map(str, block.output_shape)),
                block.parameters,
                block.multiply_adds,
            )
        )
    totals = (sum(block.parameters for block in folded), sum(block.multiply_adds for block in folded))
    columns = TEXTS["structure columns"].split()
    return pd.DataFrame([*rows, (TEXTS["total"], *[None] * 6, *totals)], columns=columns).astype(object)


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
            name = _STEPS.get(type(layer).__name__, Text(type(layer).__name__, type(layer).__name__))
            size = "×".join(map(str, getattr(layer, "pool_size", ()))) or str(getattr(layer, "rate", ""))
            said.append(Text(f"{name.zh} {size}".rstrip(), f"{name.en} {size}".rstrip()))
    return enumerated(said) if said else None


def recipe_table(runs: Mapping[str, "Run"], *, differing: bool = False) -> pd.DataFrame:
    """Return the training settings, one column a network; what no network makes use of is left out.

    Args:
        runs: Label -> run.
        differing: Whether to list only those in which the networks differ.
    """
    rows = []
    for name, value in _SETTINGS:
        values = [value(run) for run in runs.values()]
        if any(values) and not (differing and len(set(values)) == 1):
            rows.append([name, *(one or None for one in values)])
    return pd.DataFrame(rows, columns=[TEXTS["setting"], *map(names.network, runs)])


def accuracy_table(runs: Mapping[str, "Run"], *, kept: str, tests: Mapping[str, McNemar]) -> pd.DataFrame:
    """Return a row a network: its accuracy on each split, and how it stands to the one kept.

    Where test images leaked into training, a column says the accuracy without them.

    Args:
        runs: Label -> run.
        kept: The label of the network that is kept.
        tests: Label of each other network -> its McNemar test against the one kept, on the test images;
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
        row += (
            [
                f"{signed(tests[label].difference or 0)} ({p_text(p_values[label])})"
                if label in tests
                else _BASELINE
            ]
            if tests
            else []
        )
        rows.append(row)
    columns = [TEXTS["network"], *map(names.split, splits)]
    columns += [TEXTS["without leaked images"]] if leaks else []
    columns += [TEXTS["test difference points"]] if tests else []
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
            numbers = [*shares, signed(one.gap), f"{signed(one.first_gap)} / ±{points(one.noise)}"]
        rows.append([names.network(label), *numbers, overfitting_verdict(one)])
    return pd.DataFrame(rows, columns=TEXTS["overfitting columns"].split())


def tried_table(kept: "Run", others: Sequence["Run"]) -> pd.DataFrame:
    """Return a row for each other run of the same data: in what it differs from the one kept, its validation.

    Args:
        kept: The run that is kept.
        others: Runs that were found, the ones to list and any others: those of other data, of another seed
            or of the same settings are left out.
    """
    mine, rows = kept.facts["recipe"], []
    for run in others:
        settings = run.facts["recipe"]
        same = all(run.facts[name] == kept.facts[name] for name in ("data", "seed", "training_images"))
        changed = [name for name in settings if settings[name] != mine.get(name) and name not in _UNSAID]
        if same and changed and settings["architecture"] == mine["architecture"]:
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
    rows = [
        (
            names.network(label),
            run.facts["parameters"],
            run.facts["multiply_adds"],
            round(run.seconds_per_epoch(), 2),
            round(run.facts["images_per_epoch"] / run.seconds_per_epoch()),
        )
        for label, run in runs.items()
    ]
    return pd.DataFrame(rows, columns=TEXTS["speed columns"].split())


def mean_history(runs: Sequence["Run"]) -> pd.DataFrame:
    """Return the history of several runs of one recipe, averaged epoch by epoch."""
    return pd.concat([run.history() for run in runs]).groupby("epoch", as_index=False).mean()


def accuracies(runs: Sequence["Run"], split: str) -> list[float]:
    """Return the accuracy of each run on a split; none where the split has no labels."""
    return [run.facts["metrics"][split]["all"]["accuracy"] for run in runs if split in run.facts["metrics"]]


def mean_and_deviation(shares: Sequence[float]) -> str | None:
    """Write the mean of shares in percent, and where there are several their standard deviation."""
    if not shares:
        return None
    mean = f"{100 * statistics.mean(shares):.1f}"
    return mean if len(shares) == 1 else f"{mean} ± {100 * statistics.stdev(shares):.1f}"


def _loss(run: "Run") -> Text:
    smoothed = run.recipe.label_smoothing
    said = TEXTS["softmax cross entropy"]
    extra = TEXTS["loss 2"].format(smoothed=smoothed)
    return Text(said.zh + extra.zh, said.en + extra.en) if smoothed else said


def _optimizer(run: "Run") -> Text:
    name, decay = names.written(run.recipe.optimizer), run.recipe.weight_decay
    return TEXTS["optimizer 2"].format(name=name, decay=decay) if decay else Text(name, name)


def rate(recipe: "Recipe") -> Text:
    """Return the learning rate of a recipe with its schedule."""
    high, factor, patience = recipe.learning_rate, recipe.schedule_factor, recipe.schedule_patience
    warmup = recipe.warmup_epochs
    climbed = TEXTS["rate warm up of"].format(warmup=warmup) if warmup else Text("", "")
    schedule = {
        "constant": TEXTS["constant"],
        "plateau": TEXTS["rate times after epochs"].format(patience=patience, factor=factor),
        "step": TEXTS["rate times every epochs"].format(patience=patience, factor=factor),
        "cosine": TEXTS["cosine decay to 0"],
        "one_cycle": TEXTS["rate one cycle up"],
    }[recipe.schedule]
    return TEXTS["rate text"].format(high=high, climbed=climbed, schedule=schedule)


def _epochs(run: "Run") -> Text:
    epochs, kept = run.facts["epochs"], run.facts["kept_epoch"]
    if run.recipe.selection == "last":
        return TEXTS["epochs the last kept"].format(epochs=epochs)
    return TEXTS["epochs number kept highest"].format(epochs=epochs, kept=kept)


def _dropout(run: "Run") -> str:
    rates = {layer.rate for layer in run.network().layers if type(layer).__name__ == "Dropout"}
    return ", ".join(f"{rate:g}" for rate in sorted(rates))


def _augmentation(run: "Run") -> Text:
    from fer_nb.learning.transforms import PARTS, AugmentationSettings, augmentation_preset

    settings, nothing = augmentation_preset(run.recipe.augmentation), AugmentationSettings()
    settings = settings.scaled(run.recipe.augmentation_strength)
    used = [part for part in PARTS if getattr(settings, part) != getattr(nothing, part)]
    if not used:
        return names.augmentation("none")
    said = [(names.part(part), names.part_range(settings, part)) for part in used]
    return Text(
        "、".join(f"{part.zh} {getattr(reach, 'zh', reach)}" for part, reach in said),
        ", ".join(f"{part.en} {getattr(reach, 'en', reach)}" for part, reach in said),
    )


def _small_images(run: "Run") -> Text | None:
    epochs, side = run.recipe.small_epochs, run.recipe.small_size
    return TEXTS["small images"].format(epochs=epochs, side=side) if epochs else None


def _images(run: "Run") -> Text:
    learned, held_out = run.facts["training_images"], run.facts["metrics"]["validation"]["all"]["n"]
    return TEXTS["images 2"].format(learned=learned, held_out=held_out)


_SETTINGS: tuple[tuple[Text, Callable[["Run"], Any]], ...] = (
    (TEXTS["loss function"], _loss),
    (TEXTS["optimizer"], _optimizer),
    (TEXTS["learning rate highest"], lambda run: rate(run.recipe)),
    (
        TEXTS["batch size"],
        lambda run: TEXTS["images 3"].format(batch_size=run.recipe.batch_size),
    ),
    (TEXTS["epochs"], _epochs),
    (TEXTS["dropout probability"], _dropout),
    (TEXTS["normalization"], lambda run: names.normalization(run.recipe.normalization)),
    (TEXTS["augmentation"], _augmentation),
    (TEXTS["smaller images"], _small_images),
    (TEXTS["alpha of mixup"], lambda run: run.recipe.mixup and f"{run.recipe.mixup:g}"),
    (
        TEXTS["momentum of the weights"],
        lambda run: run.recipe.averaging and f"{run.recipe.averaging:g}",
    ),
    (TEXTS["images 4"], _images),
    (TEXTS["seed"], lambda run: f"{run.facts['seed']}"),
)
