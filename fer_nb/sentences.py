"""Sentences that follow from numbers, in both languages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_nb.data.faces import PRACTICE
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import McNemar, Overfitting
    from fer_nb.data.faces import Faces
    from fer_nb.learning.runs import Run

SIGNIFICANCE = 0.05  # a difference with a smaller p-value is called one
OVERFITTING_GAP = 0.02  # nats of validation loss; a smaller rise is noise of the last epochs

SAME_SPEED = 1.1  # ratio of two times below which they are called the same; timings vary by as much


def percent(share: float) -> str:
    """Write a share from 0 to 1 in percent with one decimal."""
    return f"{100 * share:.1f}%"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, without its sign."""
    return f"{100 * abs(difference):.1f}"


def joined(*texts: Text) -> Text:
    """Return several sentences as one paragraph."""
    return Text("".join(text.zh for text in texts), " ".join(text.en for text in texts if text.en))


def listed(what: Text, values: Mapping[str, str]) -> Text:
    """Write out what a figure shows, for those who cannot see it: "what: name value; name value"."""
    pairs = [f"{name} {value}" for name, value in values.items()]
    return Text(f"{what.zh}：{'；'.join(pairs)}。", f"{what.en}: {'; '.join(pairs)}.")


def practice(faces: "Faces") -> bool:
    """Return whether these are practice faces, on which no stated accuracy was measured."""
    return faces.source == PRACTICE


def source_text(faces: "Faces") -> Text:
    """Return the name of a data set: the practice faces in both languages, a file as it is."""
    return GLOSSARY["practice faces"] if practice(faces) else Text(faces.source, faces.source)


def data_sentence(faces: "Faces") -> Text:
    """Say where the faces come from, how many there are, and which class is largest and smallest."""
    source = source_text(faces)
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
        return Text(
            f"{label} 在{split.zh}上沒有影像可評。", f"{label} has no image to be judged on in {split.en}."
        )
    interval = f"{percent(score['low'])}–{percent(score['high'])}"
    return Text(
        f"{label} 在{split.zh}的 {score['n']:,} 張影像上答對 {percent(score['accuracy'])}"
        f"（95% 信賴區間 {interval}）。",
        f"{label} gets {percent(score['accuracy'])} of the {score['n']:,} {split.en} images right "
        f"(95% interval {interval}).",
    )


def against_stated(label: str, score: Mapping[str, Any], stated: float) -> Text:
    """Say how a measured accuracy stands to the one that the source states."""
    difference = score["accuracy"] - stated
    if score["low"] <= stated <= score["high"]:
        return Text(
            f"{label} 的信賴區間包含原報告所述的 {percent(stated)}，兩者沒有可分辨的差異。",
            f"The interval of {label} holds the {percent(stated)} that the report states: "
            "the two cannot be told apart.",
        )
    zh, en = ("高", "above") if difference > 0 else ("低", "below")
    return Text(
        f"{label} 比原報告所述的 {percent(stated)} {zh} {points(difference)} 個百分點，超出信賴區間。",
        f"{label} lies {points(difference)} points {en} the {percent(stated)} that the report states, "
        "outside the interval.",
    )


def comparison_sentence(first: str, second: str, test: "McNemar", *, p_value: float | None = None) -> Text:
    """Say which of two networks is better on the same images, or that neither is.

    Args:
        first: Name of the first.
        second: Name of the second.
        test: The exact McNemar test of the two.
        p_value: An adjusted p-value that counts instead of the test's own.
    """
    p = test.p_value if p_value is None else p_value
    if p is None or test.difference is None:
        return Text(
            f"{first} 與 {second} 沒有共同的影像可比。", f"{first} and {second} share no image to compare on."
        )
    if p >= SIGNIFICANCE:
        return Text(
            f"在同樣的 {test.n:,} 張影像上，{first} 與 {second} 相差 {points(test.difference)} 個百分點，"
            f"未達統計顯著（McNemar 檢定 {p_text(p)}），不能說誰比較好。",
            f"On the same {test.n:,} images {first} and {second} differ by {points(test.difference)} points, "
            f"which is not significant (McNemar test, {p_text(p)}): neither can be called better.",
        )
    better, worse = (first, second) if test.difference > 0 else (second, first)
    return Text(
        f"在同樣的 {test.n:,} 張影像上，{better} 比 {worse} 高 {points(test.difference)} 個百分點，"
        f"差異顯著（McNemar 檢定 {p_text(p)}）。",
        f"On the same {test.n:,} images {better} is {points(test.difference)} points better than {worse}, "
        f"a significant difference (McNemar test, {p_text(p)}).",
    )


def chosen_sentence(label: str, candidates: int) -> Text:
    """Say that a network was chosen on the validation set; nothing where there was no choice."""
    if candidates == 1:
        return Text("", "")
    return Text(
        f"{candidates} 個網路中，{label} 的驗證準確率最高，因此以它為代表。",
        f"Of {candidates} networks {label} has the highest validation accuracy and stands for them.",
    )


def loss_speed_sentence(epochs: Mapping[str, float]) -> Text:
    """Say in which arm the training loss falls fastest and slowest.

    Args:
        epochs: Arm -> epochs down to a level that all arms reach.
    """
    fastest, slowest = min(epochs, key=epochs.__getitem__), max(epochs, key=epochs.__getitem__)
    if epochs[fastest] == epochs[slowest]:
        return Text("各組的訓練損失下降得一樣快。", "The training loss falls equally fast in all arms.")
    return Text(
        f"訓練損失以 {fastest} 下降最快，{epochs[fastest]:g} 個訓練週期就到達共同水準；"
        f"{slowest} 最慢，要 {epochs[slowest]:g} 個。",
        f"The training loss falls fastest with {fastest} ({epochs[fastest]:g} epochs to the common level) "
        f"and slowest with {slowest} ({epochs[slowest]:g}).",
    )


def strength_sentence(last: Mapping[float, Mapping[str, float]]) -> Text:
    """Say what a stronger augmentation does to the training loss and to the validation accuracy.

    Args:
        last: Strength -> last row of the history.
    """
    weak, strong = min(last), max(last)
    loss = last[strong]["loss"] - last[weak]["loss"]
    accuracy = last[strong]["validation_accuracy"] - last[weak]["validation_accuracy"]
    moves = Text("上升", "rises"), Text("下降", "falls")
    loss_moves, accuracy_moves = moves[loss < 0], moves[accuracy < 0]
    if points(accuracy) == "0.0":
        said = Text("驗證準確率不變", "the validation accuracy stays as it is")
    else:
        said = Text(
            f"驗證準確率{accuracy_moves.zh} {points(accuracy)} 個百分點",
            f"the validation accuracy {accuracy_moves.en} by {points(accuracy)} points",
        )
    return Text(
        f"強度從 {weak:g} 倍增到 {strong:g} 倍，訓練損失{loss_moves.zh} {abs(loss):.3f}，"
        f"{said.zh}（只有一個種子）。",
        f"From strength {weak:g} to {strong:g} the training loss {loss_moves.en} by {abs(loss):.3f} and "
        f"{said.en} (one seed).",
    )


def highest_sentence(label: str, accuracy: float) -> Text:
    """Say which arm has the highest mean validation accuracy."""
    return Text(
        f"平均驗證準確率最高的是 {label}（{percent(accuracy)}）。",
        f"The highest mean validation accuracy is that of {label} ({percent(accuracy)}).",
    )


def no_gain_sentence(baseline: str) -> Text:
    """Say that no arm is better than the baseline."""
    return Text(
        f"沒有任何一組的平均驗證準確率高於 {baseline}，也就是說這裡看不出增益。",
        f"No arm has a higher mean validation accuracy than {baseline}: nothing was gained here.",
    )


def spread_sentence(label: str, accuracies: Sequence[float]) -> Text:
    """Say how much the luck of the seed moves an accuracy; that there is only one seed where that is so."""
    if len(accuracies) < 2:
        return Text(
            "每組只有一個種子，看不出運氣的大小。", "With one seed an arm the size of luck remains unknown."
        )
    low, high = min(accuracies), max(accuracies)
    return Text(
        f"光是換種子，{label} 的驗證準確率就在 {percent(low)} 到 {percent(high)} 之間"
        f"（{len(accuracies)} 個種子）。",
        f"The seed alone moves the validation accuracy of {label} between {percent(low)} and {percent(high)} "
        f"({len(accuracies)} seeds).",
    )


def limit_sentence(metrics: Mapping[str, Any], *, on_practice_faces: bool) -> Text:
    """Say how far a result reaches: practice faces, leaked images, or the width of its interval.

    Args:
        metrics: Of one run, {split: {"all", "clean"}}, with at least "validation".
        on_practice_faces: Whether the faces are drawn ones.
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
    gain = scores["all"]["accuracy"] - scores["clean"]["accuracy"]
    zh, en = ("高估", "flatter") if gain > 0 else ("低估", "understate")
    return Text(
        f"測試影像中有 {left_out:,} 張與訓練影像完全相同；去掉它們，"
        f"全部測試影像的準確率是 {percent(scores['clean']['accuracy'])}，"
        f"也就是說它們使準確率{zh}了 {points(gain)} 個百分點。",
        f"{left_out:,} test images equal a training image; without them the accuracy on all test images is "
        f"{percent(scores['clean']['accuracy'])}, so they {en} the network by {points(gain)} points.",
    )


def p_text(p_value: float) -> str:
    """Write a p-value; small ones as an upper bound."""
    return f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"


def size_sentence(first: str, second: str, parameters: Mapping[str, int]) -> Text:
    """Say how many parameters two networks have, and by how much the second differs from the first."""
    difference = parameters[second] / parameters[first] - 1
    zh, en = ("多", "more") if difference > 0 else ("少", "fewer")
    return Text(
        f"{first} 有 {parameters[first]:,} 個參數，{second} 有 {parameters[second]:,} 個，"
        f"比前者{zh} {percent(abs(difference))}。",
        f"{first} has {parameters[first]:,} parameters, {second} {parameters[second]:,}, "
        f"{percent(abs(difference))} {en} than the first.",
    )


def speed_sentence(first: str, second: str, runs: Mapping[str, "Run"]) -> Text:
    """Say which of two networks trains faster, by the ratio of their epochs' times."""
    ratio = runs[first].seconds_per_epoch() / runs[second].seconds_per_epoch()
    faster, slower = (second, first) if ratio > 1 else (first, second)
    ratio = max(ratio, 1 / ratio)
    if ratio < SAME_SPEED:
        return Text(
            f"{first} 與 {second} 每個訓練週期的時間差不多。",
            f"{first} and {second} take about the same time an epoch.",
        )
    return Text(
        f"{faster} 訓練得比較快，每個訓練週期的時間是 {slower} 的 1/{ratio:.1f}。",
        f"{faster} trains faster: {slower} takes {ratio:.1f} times as long an epoch.",
    )


def overfitting_sentence(label: str, overfitting: "Overfitting") -> Text:
    """Say from which epoch a network overfits, or that it does not yet."""
    epoch, gap = overfitting.epoch, overfitting.gap
    if overfitting.epochs_after == 0:
        return Text(
            f"{label} 的驗證損失到最後一個訓練週期（第 {epoch} 個）仍在下降，尚未過擬合。",
            f"The validation loss of {label} still falls in its last epoch ({epoch}): no overfitting yet.",
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


def provenance(runs: Mapping[str, "Run"]) -> Text:
    """Say how the networks were made: seed, run folder, device, versions and time."""
    zh, en = [], []
    for label, run in runs.items():
        facts = run.facts
        minutes = f"{facts['seconds'] / 60:.1f}"
        zh.append(
            f"- {label}：隨機種子 {facts['seed']}，{facts['epochs']} 個訓練週期，"
            f"共 {minutes} 分鐘，`{run.name}`"
        )
        en.append(
            f"- {label}: seed {facts['seed']}, {facts['epochs']} epochs, {minutes} minutes, `{run.name}`"
        )
    facts = next(iter(runs.values())).facts
    device = Text(**facts["device"])
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return Text(
        "\n".join([*zh, f"- 裝置：{device.zh}", f"- 版本：{versions}"]),
        "\n".join([*en, f"- Device: {device.en}", f"- Versions: {versions}"]),
    )
