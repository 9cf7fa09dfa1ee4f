"""Tables in two languages, ready for `show_table`: they arrange what was computed elsewhere."""

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from fer_nb.language import EMOTIONS, GLOSSARY, Text
from fer_nb.learning.recipe import Recipe

if TYPE_CHECKING:
    import keras

    from fer_nb.data.faces import Faces
    from fer_nb.learning.runs import Run

_SCHEDULES = {
    "constant": Text("固定", "constant"),
    "plateau": Text("停滯時降低", "lowered on a plateau"),
    "step": Text("階梯式", "in steps"),
    "cosine": Text("餘弦衰減", "cosine decay"),
    "one_cycle": Text("單週期", "one cycle"),
}


def structure_table(network: "keras.Model") -> pd.DataFrame:
    """Return a row a layer: name, kind, input and output shape, parameters, multiply-adds; and the totals."""
    from fer_nb.learning.models import layer_table

    layers = layer_table(network)
    rows: list[tuple[Any, ...]] = [
        (
            row.name,
            row.kind,
            _shape(row.input_shape),
            _shape(row.output_shape),
            row.parameters,
            row.multiply_adds,
        )
        for row in layers
    ]
    totals = (sum(row.parameters for row in layers), sum(row.multiply_adds for row in layers))
    columns = [
        GLOSSARY["layer"],
        Text("種類", "kind"),
        GLOSSARY["input shape"],
        GLOSSARY["output shape"],
        GLOSSARY["parameters"],
        GLOSSARY["multiply-adds"],
    ]
    return pd.DataFrame([*rows, (Text("合計", "total"), "", "", "", *totals)], columns=columns)


def recipe_table(recipes: Mapping[str, Recipe]) -> pd.DataFrame:
    """Return the training settings, one column a recipe.

    Args:
        recipes: Label -> recipe, as it was trained.
    """
    return pd.DataFrame(
        [[name, *(value(recipe) for recipe in recipes.values())] for name, value in _SETTINGS],
        columns=[Text("設定", "setting"), *recipes],
    )


def accuracy_table(runs: Mapping[str, "Run"], *, with_stated: bool) -> pd.DataFrame:
    """Return a row for each network and split: accuracy with interval, without leaked images, and as stated.

    Args:
        runs: Label -> run.
        with_stated: Whether the data are those on which the sources state their figures. The column is
            left out as well where no source states any.
    """
    rows = []
    for label, run in runs.items():
        stated = run.facts["stated"]
        for split, scores in run.facts["metrics"].items():
            rows.append(
                (
                    label,
                    GLOSSARY[split],
                    scores["all"]["n"],
                    interval_text(scores["all"]),
                    interval_text(scores["clean"]),
                    f"{100 * stated[split]:.1f}%" if split in stated else None,
                )
            )
    columns = [
        GLOSSARY["network"],
        Text("資料分割", "split"),
        GLOSSARY["images"],
        Text("準確率與 95% 信賴區間", "accuracy, 95% interval"),
        Text("去除洩漏影像後", "without leaked images"),
        Text("報告所述", "stated"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table if with_stated and any(row[-1] for row in rows) else table.iloc[:, :-1]


def speed_table(runs: Mapping[str, "Run"]) -> pd.DataFrame:
    """Return a row a network: parameters, multiply-adds, seconds an epoch and images a second in training.

    The first epoch is left out where there are several: it includes making the graph.
    """
    rows = [
        (
            label,
            run.facts["parameters"],
            run.facts["multiply_adds"],
            round(run.seconds_per_epoch(), 2),
            round(run.facts["images_per_epoch"] / run.seconds_per_epoch()),
        )
        for label, run in runs.items()
    ]
    columns = [
        GLOSSARY["network"],
        GLOSSARY["parameters"],
        GLOSSARY["multiply-adds"],
        Text("每個訓練週期秒數", "seconds an epoch"),
        Text("每秒影像數", "images a second"),
    ]
    return pd.DataFrame(rows, columns=columns)


def mean_history(runs: Sequence["Run"]) -> pd.DataFrame:
    """Return the history of several runs of one recipe, averaged epoch by epoch."""
    return pd.concat([run.history() for run in runs]).groupby("epoch", as_index=False).mean()


def accuracies(runs: Sequence["Run"], split: str) -> list[float]:
    """Return the accuracy of each run on a split; none where the split has no labels."""
    return [run.facts["metrics"][split]["all"]["accuracy"] for run in runs if split in run.facts["metrics"]]


def split_scores(runs: Mapping[str, "Run"]) -> dict[str, Mapping[str, Any]]:
    """Return the accuracies with their intervals, by "label · split"."""
    return {
        f"{label} · {split}": scores["all"]
        for label, run in runs.items()
        for split, scores in run.facts["metrics"].items()
    }


def mean_and_deviation(shares: Sequence[float]) -> str | None:
    """Write the mean of shares in percent, and where there are several their standard deviation."""
    if not shares:
        return None
    mean = f"{100 * statistics.mean(shares):.1f}"
    return mean if len(shares) == 1 else f"{mean} ± {100 * statistics.stdev(shares):.1f}"


def stated_scores(runs: Mapping[str, "Run"]) -> dict[str, float]:
    """Return the accuracies that the sources state, by "label · split"."""
    return {
        f"{label} · {split}": accuracy
        for label, run in runs.items()
        for split, accuracy in run.facts["stated"].items()
    }


def class_table(faces: "Faces") -> pd.DataFrame:
    """Return a row a class: its number of images in each split that has labelled rows."""
    splits = [usage for usage in ("Training", "PublicTest", "PrivateTest") if faces.counts()[usage]]
    counts = {usage: faces.of(usage).labels for usage in splits}
    rows = [
        (i, emotion, *(int((labels == i).sum()) for labels in counts.values()))
        for i, emotion in enumerate(EMOTIONS)
    ]
    return pd.DataFrame(rows, columns=[Text("標籤", "label"), GLOSSARY["class"], *splits])


def interval_text(score: Mapping[str, Any]) -> str:
    """Write {"accuracy", "low", "high"} as percent with its interval, "—" where there is no image."""
    if score["accuracy"] is None:
        return "—"
    return f"{100 * score['accuracy']:.1f}% [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"


def _shape(shape: tuple[int | None, ...]) -> str:
    return " × ".join(map(str, shape))


def _validation(recipe: Recipe) -> Text:
    if isinstance(recipe.validation, int):
        return Text(f"前 {recipe.validation:,} 列", f"first {recipe.validation:,} rows")
    share = f"{100 * recipe.validation:g}%"
    return Text(f"{share}，相同影像不分開", f"{share}, identical images together")


def _small_images(recipe: Recipe) -> Text | str:
    if not recipe.small_epochs:
        return "—"
    side = recipe.small_size
    return Text(
        f"前 {recipe.small_epochs} 個週期 {side} 像素", f"first {recipe.small_epochs} epochs {side} px"
    )


_SETTINGS = (
    (Text("架構", "architecture"), lambda recipe: recipe.architecture),
    (GLOSSARY["epochs"], lambda recipe: recipe.epochs),
    (GLOSSARY["batch size"], lambda recipe: recipe.batch_size),
    (GLOSSARY["optimizer"], lambda recipe: recipe.optimizer),
    (GLOSSARY["learning rate"], lambda recipe: f"{recipe.learning_rate:g}"),
    (GLOSSARY["schedule"], lambda recipe: _SCHEDULES[recipe.schedule]),
    (GLOSSARY["weight decay"], lambda recipe: f"{recipe.weight_decay:g}"),
    (GLOSSARY["label smoothing"], lambda recipe: f"{recipe.label_smoothing:g}"),
    (GLOSSARY["normalization"], lambda recipe: recipe.normalization),
    (GLOSSARY["augmentation"], lambda recipe: recipe.augmentation),
    (Text("較小的影像", "smaller images"), _small_images),
    (GLOSSARY["validation"], _validation),
    (Text("數值精度", "precision"), lambda recipe: recipe.precision),
)
