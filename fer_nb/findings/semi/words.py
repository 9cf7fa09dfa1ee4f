"""Sentences on what unlabelled images gained, in both languages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fer_nb.findings.semi.listings import precision
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated, joined, listed, p_text, percent, points
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import McNemar
    from fer_nb.data.faces import Faces
    from fer_nb.learning.semi.hiding import Judgement
    from fer_nb.learning.semi.self_training import Outcome


def division_sentence(name: str, faces: "Faces", validation: "Faces") -> Text:
    """Say how many images are labelled, unlabelled and held out."""
    counts = faces.counts()
    labelled, hidden = f"{counts['Training']:,}", f"{counts['unlabelled']:,}"
    return Text(
        f"{name}：{labelled} 張有標籤，{hidden} 張沒有標籤，{len(validation):,} 張用來驗證。",
        f"{name}: {labelled} images with a label, {hidden} without, {len(validation):,} for validation.",
    )


def length_sentence(name: str, outcome: "Outcome") -> Text:
    """Say how many steps the student and its control took, and by which measure they are equal."""
    student, control = outcome.steps("student"), outcome.steps("control")
    if student == control:
        return Text(
            f"{name}：兩組各訓練 {student:,} 步，一樣長。",
            f"{name}: both arms train for {student:,} steps, the same length.",
        )
    more = f"{percent(abs(student / control - 1))}"
    zh, en = ("多", "more") if student > control else ("少", "fewer")
    if outcome.protocol.more_epochs:
        return Text(
            f"{name}：兩組的訓練週期數相同；因為影像較多，學生走了 {student:,} 步，比對照的 {control:,} 步"
            f"{zh} {more}。",
            f"{name}: both arms train for the same number of epochs; with more images the student takes "
            f"{student:,} steps, {more} {en} than the {control:,} of its control.",
        )
    return Text(
        f"{name}：學生走了 {student:,} 步，對照 {control:,} 步，{zh} {more}，是整數個訓練週期最接近的長度。",
        f"{name}: the student takes {student:,} steps, {more} {en} than the {control:,} of its control, the "
        "nearest that whole epochs come.",
    )


def pseudo_label_sentence(judgement: "Judgement") -> Text:
    """Say how many pseudo-labels are kept and right, and which class fares best and worst."""
    pool, kept = sum(judgement.pool), sum(judgement.kept)
    if not kept:
        return Text(
            f"{pool:,} 張無標籤影像沒有一張夠有把握，所以沒有偽標籤可學。",
            f"Of {pool:,} unlabelled images none is sure enough: there is no pseudo-label to learn from.",
        )
    share = precision(judgement)
    told = Text(
        f"{pool:,} 張無標籤影像中留下 {kept:,} 張（{percent(kept / pool)}），其中 "
        f"{sum(judgement.right):,} 張的偽標籤是對的（{share.text.zh}）。",
        f"Of {pool:,} unlabelled images {kept:,} are kept ({percent(kept / pool)}), and "
        f"{sum(judgement.right):,} of their pseudo-labels are right ({share.text.en}).",
    )
    shares = {
        emotion: right / number
        for emotion, number, right in zip(EMOTIONS, judgement.kept, judgement.right, strict=True)
        if number
    }
    best, worst = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    never = enumerated(emotion for emotion in EMOTIONS if emotion not in shares)
    parts = [told]
    if shares[best] > shares[worst]:
        parts.append(
            Text(
                f"最可靠的是{best.zh}（{percent(shares[best])}），最不可靠的是{worst.zh}"
                f"（{percent(shares[worst])}）。",
                f"Most reliable is {best.en} ({percent(shares[best])}), least {worst.en} "
                f"({percent(shares[worst])}).",
            )
        )
    if never.zh:
        parts.append(Text(f"沒有任何影像被標為{never.zh}。", f"No image is labelled {never.en}."))
    return joined(*parts)


def gain_sentence(name: str, test: "McNemar", *, p_value: float | None = None) -> Text:
    """Say whether the unlabelled images gained anything over supervised training of equal length.

    Args:
        name: Of the protocol.
        test: McNemar's of the student (first) and its control, on the same images.
        p_value: An adjusted p-value that counts instead of the test's own.
    """
    p = test.p_value if p_value is None else p_value
    if p is None or test.difference is None:
        return Text(f"{name}：沒有影像可比。", f"{name}: there is no image to compare on.")
    size = points(test.difference)
    if p >= SIGNIFICANCE:
        zh, en = ("高", "above") if test.difference > 0 else ("低", "below")
        by = Text(f" {size}", size) if size != "0.0" else Text("不到 0.1", "less than 0.1")
        apart = Text(
            f"比等長的監督式訓練{zh}{by.zh} 個百分點，未達統計顯著（{p_text(p)}）",
            f"the student lies {by.en} points {en} supervised training of equal length, which is not "
            f"significant ({p_text(p)})",
        )
        if test.difference == 0:
            apart = Text(
                f"與等長的監督式訓練同分（{p_text(p)}）",
                f"the student equals supervised training of equal length ({p_text(p)})",
            )
        return Text(
            f"{name}：無標籤的影像在這裡看不出增益；在同樣的 {test.n:,} 張影像上，{apart.zh}。",
            f"{name}: no gain from unlabelled images shows here; on the same {test.n:,} images {apart.en}.",
        )
    if test.difference < 0:
        return Text(
            f"{name}：無標籤的影像沒有帶來增益，反而有害；在同樣的 {test.n:,} 張影像上，"
            f"比等長的監督式訓練低 {size} 個百分點，差異顯著（{p_text(p)}）。",
            f"{name}: unlabelled images gain nothing and do harm; on the same {test.n:,} images the student "
            f"lies {size} points below supervised training of equal length, a significant difference "
            f"({p_text(p)}).",
        )
    return Text(
        f"{name}：無標籤的影像有幫助；在同樣的 {test.n:,} 張影像上，比等長的監督式訓練高 {size} 個百分點，"
        f"差異顯著（{p_text(p)}）。",
        f"{name}: unlabelled images help; on the same {test.n:,} images the student lies {size} points above "
        f"supervised training of equal length, a significant difference ({p_text(p)}).",
    )


def seeds_sentence(name: str, differences: Sequence[float]) -> Text:
    """Say how the difference from the control moves with the seed.

    Args:
        name: Of the protocol.
        differences: Accuracy of the student less that of its control, one a seed.
    """
    if len(differences) < 2:
        return Text(
            f"{name} 只有一個種子，看不出運氣的大小。", f"{name} has one seed: the size of luck is unknown."
        )
    above = sum(difference > 0 for difference in differences)
    written = [f"{100 * difference:+.1f}" for difference in differences]
    return Text(
        f"{name} 的 {len(differences)} 個種子中有 {above} 個高於對照（相差 {'、'.join(written)} 個百分點）。",
        f"With {above} of {len(differences)} seeds {name} lies above its control (differences "
        f"{', '.join(written)} points).",
    )


def curve_sentence(curve: Mapping[float, "McNemar"], *, p_values: Sequence[float]) -> Text:
    """Say at which shares of labels the unlabelled images help.

    Args:
        curve: Share of labels, 0 to 1 -> McNemar's test of the student (first) and its control.
        p_values: Adjusted, in the order of the curve.
    """
    helped = [
        share
        for (share, test), p in zip(curve.items(), p_values, strict=True)
        if p < SIGNIFICANCE and (test.difference or 0) > 0
    ]
    gains = {percent(share): f"{100 * (test.difference or 0):+.1f}" for share, test in curve.items()}
    told = listed(
        Text("各標籤比例下與對照的差距（百分點）", "Points above the control, by share of labels"), gains
    )
    if not helped:
        end = Text("沒有一個比例有顯著的幫助。", "At no share is there a significant gain.")
    else:
        shares = [percent(share) for share in helped]
        end = Text(
            f"顯著有幫助的是 {'、'.join(shares)}。每個比例只有一個種子。",
            f"A significant gain shows at {', '.join(shares)}. There is one seed a share.",
        )
    return joined(told, end)


def transductive_sentence(name: str, score: Mapping[str, Any], *, learned: int) -> Text:
    """Say what a transductive student reaches, and that this compares with nothing.

    Args:
        name: Of the protocol.
        score: {"accuracy", ...} on all test images.
        learned: How many test images it learned from.
    """
    return Text(
        f"{name} 是 transductive 的方法：學生學過 {learned:,} 張測試影像，"
        f"所以它的測試準確率 {percent(score['accuracy'])} 不能與其他組別比較，上面的比較都不包含它。",
        f"{name} is transductive: its student learned from {learned:,} of the test images, so its test "
        f"accuracy of {percent(score['accuracy'])} compares with no other arm, and no comparison above "
        "includes it.",
    )
