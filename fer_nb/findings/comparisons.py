"""Sentences that hold networks, arms and settings against one another, in both languages."""

from collections.abc import Mapping
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


def chosen_sentence(label: str, candidates: int) -> Text:
    """Say that a network was chosen on the validation set; nothing where there was no choice."""
    if candidates == 1:
        return Text("", "")
    return Text(
        f"{candidates} 個網路中，{label} 的驗證準確率最高，因此以它為代表。",
        f"Of {candidates} networks {label} has the highest validation accuracy and stands for them.",
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
