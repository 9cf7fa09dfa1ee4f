"""Sentences that follow from numbers, in both languages."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_nb.data.faces import PRACTICE
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Overfitting
    from fer_nb.data.faces import Faces
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run

SIGNIFICANCE = 0.05  # a difference with a smaller p-value is called one
OVERFITTING_GAP = 0.02  # nats of validation loss; a smaller rise is noise of the last epochs
SMALLEST_GAIN = 5e-4  # of an accuracy; a smaller one is written as 0.0 points


def percent(share: float) -> str:
    """Write a share from 0 to 1 in percent with one decimal."""
    return f"{100 * share:.1f}%"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, without its sign."""
    return f"{100 * abs(difference):.1f}"


def joined(*texts: Text) -> Text:
    """Return several sentences as one paragraph."""
    return Text("".join(text.zh for text in texts), " ".join(text.en for text in texts if text.en))


def enumerated(names: Iterable[Text]) -> Text:
    """Return names one after the other, as they stand in a sentence."""
    known = list(names)
    return Text("、".join(name.zh for name in known), ", ".join(name.en for name in known))


def listed(what: Text, values: Mapping[str, str]) -> Text:
    """Write out what a figure shows, for those who cannot see it: "what: name value; name value"."""
    pairs = [f"{name} {value}" for name, value in values.items()]
    return Text(f"{what.zh}：{'；'.join(pairs)}。", f"{what.en}: {'; '.join(pairs)}.")


def practice(faces: "Faces") -> bool:
    """Return whether these are practice faces, on which no stated accuracy was measured."""
    return faces.source == PRACTICE


def data_sentence(faces: "Faces") -> Text:
    """Say where the faces come from, how many there are, and which class is largest and smallest."""
    source = GLOSSARY["practice faces"] if practice(faces) else Text(faces.source, faces.source)
    counts = faces.counts()
    training = faces.of("Training")
    sizes = np.bincount(training.labels, minlength=len(EMOTIONS))
    largest, smallest = EMOTIONS[sizes.argmax()], EMOTIONS[sizes.argmin()]
    grey = f"{training.images.mean():.1f} ± {training.images.std():.1f}"
    unlabelled_zh = f"，另有 {counts['unlabelled']:,} 張沒有標籤" if counts["unlabelled"] else ""
    unlabelled_en = f", and {counts['unlabelled']:,} without a label" if counts["unlabelled"] else ""
    return Text(
        f"資料來源：{source.zh}。訓練集有 {counts['Training']:,} 張 48×48 的灰階影像，"
        f"公開與私有測試集各有 {counts['PublicTest']:,} 與 {counts['PrivateTest']:,} 張{unlabelled_zh}。"
        f"訓練集中最多的類別是{largest.zh}（{sizes.max():,} 張），最少的是{smallest.zh}"
        f"（{sizes.min():,} 張）；灰階值（0 黑到 255 白）的平均與標準差是 {grey}。",
        f"Source: {source.en}. There are {counts['Training']:,} training images, 48×48 and grey, "
        f"{counts['PublicTest']:,} of the public and {counts['PrivateTest']:,} of the private "
        f"test{unlabelled_en}. The largest training class is {largest.en} ({sizes.max():,} images), the "
        f"smallest {smallest.en} ({sizes.min():,}); grey levels (0 black to 255 white) have mean and "
        f"deviation {grey}.",
    )


def accuracy_sentence(label: str, split: Text, score: Mapping[str, Any]) -> Text:
    """Say an accuracy with its interval; `score` is {"accuracy", "low", "high", "n"}."""
    if score["accuracy"] is None:
        return Text(f"{label} 在{split.zh}上沒有影像可評。", f"{label} has no images in {split.en}.")
    interval = f"{percent(score['low'])}–{percent(score['high'])}"
    return Text(
        f"{label} 在{split.zh}的 {score['n']:,} 張影像上答對 {percent(score['accuracy'])}"
        f"（95% 信賴區間 {interval}）。",
        f"{label} gets {percent(score['accuracy'])} of the {score['n']:,} {split.en} images right "
        f"(95% interval {interval}).",
    )


def limit_sentence(metrics: Mapping[str, Any], *, on_practice_faces: bool, network: str = "") -> Text:
    """Say how far a result reaches: practice faces, leaked images, or the width of its interval.

    Args:
        metrics: Of one run, {split: {"all", "clean"}}, with at least "validation".
        on_practice_faces: Whether the faces are drawn ones.
        network: Its name, where others are spoken of as well.
    """
    if on_practice_faces:
        return Text(
            "這些數字是在練習臉上測得的，不能說明網路在 FER2013 上的表現。",
            "These figures were measured on practice faces and say nothing about FER2013.",
        )
    if "test" not in metrics:
        return Text(
            "這份資料沒有附標籤的測試集，因此只有驗證準確率。",
            "The data hold no labelled test images, so there is a validation accuracy only.",
        )
    scores = metrics["test"]
    left_out = scores["all"]["n"] - scores["clean"]["n"]
    if not left_out:
        return Text("沒有測試影像與訓練影像完全相同。", "No test image equals a training image.")
    if not scores["clean"]["n"]:
        return Text(
            "每張測試影像都與某張訓練影像完全相同，因此這個準確率不能說明什麼。",
            "Every test image equals a training image, so this accuracy says nothing.",
        )
    gain = scores["all"]["accuracy"] - scores["clean"]["accuracy"]
    if abs(gain) < SMALLEST_GAIN:
        return Text(
            f"測試影像中有 {left_out:,} 張與訓練影像完全相同；去掉它們，準確率不變"
            f"（{percent(scores['clean']['accuracy'])}）。",
            f"{left_out:,} test images equal a training image; without them the accuracy stays as it is "
            f"({percent(scores['clean']['accuracy'])}).",
        )
    zh, en = ("降", "falls") if gain > 0 else ("升", "rises")
    whose_zh, whose_en = (f"{network} 在", f" of {network}") if network else ("", "")
    before, after = percent(scores["all"]["accuracy"]), percent(scores["clean"]["accuracy"])
    return Text(
        f"測試影像中有 {left_out:,} 張與訓練影像完全相同；去掉它們，"
        f"{whose_zh}全部測試影像的準確率從 {before} {zh}為 {after}。",
        f"{left_out:,} test images equal a training image; without them the accuracy{whose_en} on all test "
        f"images {en} from {before} to {after}.",
    )


def small_images_sentence(label: str, recipe: "Recipe") -> Text:
    """Say which epochs see small images, since validation never does; nothing where none does."""
    epochs, side = recipe.small_epochs, recipe.small_size
    if not epochs:
        return Text("", "")
    return Text(
        f"{label} 的前 {epochs} 個訓練週期用縮成 {side} 像素的影像，驗證一律用原尺寸，"
        f"所以驗證的曲線要到第 {epochs + 1} 個週期才跟得上。",
        f"The first {epochs} epochs of {label} see images of {side} pixels and validation always sees whole "
        f"ones, so its curves catch up only from epoch {epochs + 1}.",
    )


def p_text(p_value: float) -> str:
    """Write a p-value; small ones as an upper bound."""
    return f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"


def overfitting_sentence(label: str, overfitting: "Overfitting") -> Text:
    """Say from which epoch a network overfits, or that it does not yet."""
    epoch, gap = overfitting.epoch, overfitting.gap
    if overfitting.epochs_after == 0:
        return Text(
            f"{label} 的驗證損失在最後一個訓練週期（第 {epoch} 個）最低，還看不出過擬合。",
            f"The validation loss of {label} is lowest in its last epoch ({epoch}): no overfitting shows "
            "yet.",
        )
    if gap < OVERFITTING_GAP:
        return Text(
            f"{label} 的驗證損失在第 {epoch} 個訓練週期最低，之後只上升 {gap:.3f}，看不出過擬合。",
            f"The validation loss of {label} is lowest in epoch {epoch} and rises by only {gap:.3f} "
            "from there: no overfitting to speak of.",
        )
    return Text(
        f"{label} 從第 {epoch} 個訓練週期起過擬合：驗證損失由最低的 {overfitting.minimum:.3f} "
        f"升到 {overfitting.final:.3f}。",
        f"{label} overfits from epoch {epoch} on: its validation loss rises from its lowest, "
        f"{overfitting.minimum:.3f}, to {overfitting.final:.3f}.",
    )


def time_text(seconds: float) -> Text:
    """Write a time in seconds below two minutes, and in minutes from there on."""
    if seconds < 120:
        return Text(f"{seconds:.0f} 秒", f"{seconds:.0f} s")
    return Text(f"{seconds / 60:.1f} 分鐘", f"{seconds / 60:.1f} minutes")


def provenance(runs: Mapping[str, "Run"]) -> Text:
    """Say how the networks were made: seed, run folder, device, versions and time."""
    zh, en = [], []
    for label, run in runs.items():
        facts = run.facts
        time, kept = time_text(facts["seconds"]), facts["kept_epoch"]
        zh.append(
            f"- {label}：隨機種子 {facts['seed']}，{facts['epochs']} 個訓練週期（保留第 {kept} 個），"
            f"共 {time.zh}，`{run.name}`"
        )
        epochs = "1 epoch" if facts["epochs"] == 1 else f"{facts['epochs']} epochs"
        en.append(f"- {label}: seed {facts['seed']}, {epochs} (number {kept} kept), {time.en}, `{run.name}`")
    facts = next(iter(runs.values())).facts
    device = Text(**facts["device"])
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return Text(
        "\n".join([*zh, f"- 裝置：{device.zh}", f"- 版本：{versions}"]),
        "\n".join([*en, f"- Device: {device.en}", f"- Versions: {versions}"]),
    )
