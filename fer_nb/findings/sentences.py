"""Sentences that follow from numbers, in both languages."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Overfitting, overfitting
from fer_nb.analysis.evaluation.curves import DEVIATIONS, LARGE_GAP
from fer_nb.findings import TEXTS
from fer_nb.findings.names import written
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    import keras

    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run

SIGNIFICANCE = 0.05  # a difference with a smaller p-value is called one
ONE_SEED = TEXTS["one seed alone"]


def percent(share: float) -> str:
    """Write a share from 0 to 1 in percent with one decimal."""
    return f"{100 * share:.1f}%"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, without its sign."""
    return f"{100 * abs(difference):.1f}"


def signed(difference: float) -> str:
    """Write a difference of shares in percentage points with its sign; none where it rounds to 0."""
    written = f"{100 * difference:+.1f}".replace("-", "−")
    return "0.0" if written[1:] == "0.0" else written


def plural(count: float) -> str:
    """Return what an English noun ends in behind a number."""
    return "" if count == 1 else "s"


def interval_text(score: Mapping[str, Any]) -> str:
    """Write {"accuracy", "low", "high"} as percent with its interval, "—" where there is no image."""
    if score["accuracy"] is None:
        return "—"
    return f"{100 * score['accuracy']:.1f}% ({100 * score['low']:.1f}–{100 * score['high']:.1f})"


def joined(*texts: Text) -> Text:
    """Return several sentences as one paragraph."""
    return Text("".join(text.zh for text in texts), " ".join(text.en for text in texts if text.en))


def enumerated(names: Iterable[Text]) -> Text:
    """Return names one after the other, as they stand in a sentence."""
    return Text("{names}", "{names}").format(names=list(names))


def listed(what: Text, values: Mapping[Any, str]) -> Text:
    """Write out what a figure shows, for those who cannot see it: "what: name value; name value"."""
    pairs = [TEXTS["name and value"].format(name=name, value=value) for name, value in values.items()]
    return TEXTS["listed"].format(what=what, pairs=pairs)


def ends_of(histories: Mapping[Text, pd.DataFrame]) -> Text:
    """Write out what the curves of several networks end in, for those who cannot see them."""
    ends = {name: percent(history["validation_accuracy"].iloc[-1]) for name, history in histories.items()}
    return listed(TEXTS["last validation accuracy"], ends)


def curves_caption(caption: Text, recipes: Mapping[Text, "Recipe"]) -> Text:
    """Return the caption of curves with a note on each network that first trains on smaller images.

    Args:
        caption: With a gap for the notes, `small`.
        recipes: Name -> recipe.
    """
    notes = [
        TEXTS["note on small images"].format(name=name, epochs=recipe.small_epochs, side=recipe.small_size)
        for name, recipe in recipes.items()
        if recipe.small_epochs
    ]
    return caption.format(small=Text("".join(one.zh for one in notes), "".join(one.en for one in notes)))


def gaps_caption() -> Text:
    """Describe the table of gaps between training and validation, and what their limit is."""
    return TEXTS["caption of overfitting"].format(large=100 * LARGE_GAP, deviations=DEVIATIONS)


def accuracy_sentence(label: Text, split: Text, score: Mapping[str, Any]) -> Text:
    """Say an accuracy with its interval; `score` is {"accuracy", "low", "high", "n"}."""
    if score["accuracy"] is None:
        return TEXTS["accuracy has no images"].format(label=label, split=split)
    return TEXTS["accuracy gets of the"].format(
        split=split, n=score["n"], label=label, score=interval_text(score)
    )


def guessing_sentence(labels: NDArray[np.integer]) -> Text:
    """Say how often the commonest of the labels, (N,), would be right for all; -1 is unknown."""
    counts = np.bincount(labels[labels >= 0], minlength=len(EMOTIONS))
    return TEXTS["guessing"].format(emotion=EMOTIONS[counts.argmax()], share=counts.max() / counts.sum())


def front_sentence(label: Text, split: Text, score: Mapping[str, Any]) -> Text:
    """Say an accuracy and what reached it in a line for the first page, the number first."""
    return TEXTS["front"].format(reached=interval_text(score), split=split, label=label)


def limit_sentence(label: Text, metrics: Mapping[str, Any], *, on_practice_faces: bool) -> Text:
    """Say how far a result reaches: practice faces, leaked images, or the width of its interval.

    Args:
        label: Whose accuracy it is.
        metrics: Of one run, {split: {"all", "clean"}}; there is an accuracy on each.
        on_practice_faces: Whether the faces are drawn ones.
    """
    if on_practice_faces:
        return TEXTS["practice faces only"]
    if "test" not in metrics:
        return TEXTS["limit the data hold" if "validation" in metrics else "limit the data hold neither"]
    scores = metrics["test"]
    left_out = scores["all"]["n"] - scores["clean"]["n"]
    if not left_out:
        return TEXTS["limit no test image"]
    if not scores["clean"]["n"]:
        return TEXTS["limit every test image"]
    rest = "降" if scores["all"]["accuracy"] > scores["clean"]["accuracy"] else "升"
    before, after = percent(scores["all"]["accuracy"]), percent(scores["clean"]["accuracy"])
    key = "limit test images equal" if before == after else "limit test images equal 2"
    return TEXTS[key].format(label=label, left_out=left_out, rest=rest, before=before, after=after)


def network_sentence(label: Text, run: "Run", model: "keras.Model") -> Text:
    """Say what a network is and how it was trained.

    Args:
        label: Its name.
        run: Its training.
        model: The network itself.
    """
    kinds = [type(layer).__name__ for layer in model.layers]
    convolutions, dense = (sum(kind.endswith(one) for kind in kinds) for one in ("Conv2D", "Dense"))
    rates = sorted({layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"})
    dropout = "–".join(f"{rate:g}" for rate in dict.fromkeys((*rates[:1], *rates[-1:])))
    recipe = run.recipe
    counts: dict[str, Any] = {"conv": convolutions, "dense": dense, "hidden": dense - 1}
    counts |= {"s": plural(convolutions or dense - 1), "more": plural(dense)}
    steady = recipe.schedule == "constant" and not recipe.warmup_epochs
    return TEXTS["network described"].format(
        label=label, parameters=run.facts["parameters"],
        layers=TEXTS["layers" if convolutions else "dense layers"].format(**counts),
        optimizer=written(recipe.optimizer), rate=recipe.learning_rate, batch=recipe.batch_size,
        epochs=run.facts["epochs"], s=plural(run.facts["epochs"]),
        highest="" if steady else TEXTS["highest rate"],
        dropout=TEXTS["dropout rates"].format(rates=dropout) if rates else "",
    )  # fmt: skip


def p_text(p_value: float) -> str:
    """Write a p-value; small ones as an upper bound."""
    return f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"


def overfitting_verdict(found: Overfitting | None) -> Text:
    """Say whether a network overfits, from the gap between training and validation and its growth.

    Args:
        found: None where the run tells nothing of it.
    """
    if found is None:
        return TEXTS["overfitting cannot be told"]
    if found.found:
        return TEXTS["overfits"]
    if found.gap <= found.limit:
        return TEXTS["no overfitting yet"]
    return TEXTS["overfitting verdict a gap that"]


def gap_sentence(found: Overfitting | None) -> Text:
    """Say in a line whether the network that is spoken of overfits, and how large the gap is."""
    verdict = overfitting_verdict(found)
    if found is None:
        return TEXTS["sentence"].format(text=verdict)
    gap, limit = signed(found.gap), points(found.limit)
    if verdict == TEXTS["no overfitting yet"]:
        return TEXTS["gap within its limit"].format(gap=gap, limit=limit)
    return TEXTS["gap training less validation"].format(verdict=verdict, gap=gap, limit=limit)


def overfitting_of(run: "Run") -> Overfitting | None:
    """Return what a run's history tells of overfitting; None for one of old, which lacks the column."""
    history, held_out = run.history(), run.facts["metrics"]["validation"]["all"]["n"]
    if "training_accuracy" not in history:
        return None
    images = min(held_out, run.facts["training_images"])
    return overfitting(history["training_accuracy"], history["validation_accuracy"], images=images)
