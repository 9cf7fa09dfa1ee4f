"""Sentences that hold networks, arms and settings against one another, in both languages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fer_nb.findings.sentences import SIGNIFICANCE, p_text, percent, points
from fer_nb.language import Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import McNemar
    from fer_nb.learning.runs import Run

SAME_SPEED = 1.1  # ratio of two times below which they are called the same; timings vary by as much


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


def against_baseline_sentence(
    baseline: str, tests: Mapping[str, "McNemar"], p_values: Mapping[str, float]
) -> Text:
    """Say in one sentence how several arms stand to one on the same images.

    Args:
        baseline: Name of the arm that all are held against.
        tests: Arm -> McNemar's test of it (first) and the baseline.
        p_values: Arm -> adjusted p-value.
    """
    zh, en = [], []
    for arm, test in tests.items():
        gain, p = f"{100 * (test.difference or 0):+.1f}".replace("-", "−"), p_values[arm]
        verdict = ("顯著", "significant") if p < SIGNIFICANCE else ("不顯著", "not significant")
        zh.append(f"{arm} {gain} 個百分點（{p_text(p)}，{verdict[0]}）")
        en.append(f"{arm} {gain} points ({p_text(p)}, {verdict[1]})")
    return Text(f"與 {baseline} 相比：{'；'.join(zh)}。", f"Against {baseline}: {'; '.join(en)}.")


def chosen_sentence(label: str, candidates: int) -> Text:
    """Say that a network was chosen on the validation set; nothing where there was no choice."""
    if candidates == 1:
        return Text("", "")
    return Text(
        f"{candidates} 個網路中，{label} 的驗證準確率最高，因此以它為代表。",
        f"Of {candidates} networks {label} has the highest validation accuracy and stands for them.",
    )


def loss_speed_sentence(epochs: Mapping[str, float]) -> Text:
    """Say in which arm the training loss falls fastest and slowest; nothing of one arm alone.

    Args:
        epochs: Arm -> epochs down to a level that all arms reach.
    """
    if len(epochs) == 1:
        return Text("", "")
    fastest, slowest = min(epochs, key=epochs.__getitem__), max(epochs, key=epochs.__getitem__)
    if epochs[fastest] == epochs[slowest]:
        return Text(
            f"{'、'.join(epochs)} 的訓練損失下降得一樣快。",
            f"The training loss falls equally fast in {', '.join(epochs)}.",
        )
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
    if len(last) < 2:
        return Text("這裡沒有比較不同的強度。", "No strengths are compared here.")
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
