"""What normalization and augmentation do to a network: the effect of each change, and what 03 says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import PairedDifference, epochs_to_reach, holm, paired_difference
from fer_nb.findings import names
from fer_nb.findings.comparisons import between, is_significant
from fer_nb.findings.sentences import capital, enumerated, joined, p_text, percent, points, signed
from fer_nb.language import GLOSSARY, Text
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.transforms import PARTS, AugmentationSettings, augmentation_preset

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run

CLOSED = 0.05  # of an accuracy; a gap between training and test that closes by less explains nothing
SAME = 0.01  # deviations; images that differ by less behind the first layer are the same to all that follow

GAPS = Text(
    "各版本的準確率：測試影像（實心為平均，短線為各種子）與學過的訓練影像（空心，不加增強，第一個種子）；"
    "兩者的距離就是過擬合。",
    "Accuracy of each variant on test images (filled: mean; ticks: seeds) and on the training images that it "
    "has learned from (hollow, not augmented, first seed); the distance between the two is overfitting.",
)
EFFECTS = Text(
    "每項改變的影響：各種子的平均與 95% 信賴區間；p 值來自同一批影像的配對 t 檢定，以 Holm 法校正。",
    "What each change does: mean over the seeds with its 95% interval; p of a paired t-test on the same "
    "images, with Holm's correction.",
)
CURVES = Text(
    "左：訓練損失，只比較訓練影像同樣難的版本。右：驗證損失。都是各種子的平均。",
    "Left: training loss, where the training images are equally hard. Right: validation loss. Means over "
    "the seeds.",
)
FACES = Text(
    "資料增強對同一張臉做的事：最左是原圖，右邊各抽樣一次。",
    "What augmentation does to one face: the original at the left, then a draw each.",
)


@dataclass(frozen=True)
class Effect:
    """What one change does to the accuracy on the test images, all else and the seeds being the same."""

    factor: str
    """What differs: "normalization", "augmentation", "strength" or "both" of the first two."""
    added: str
    """The variant that has it."""
    without: str
    """The variant that has it not; of a strength, the one at strength 1."""
    difference: PairedDifference
    p_value: float
    """The difference's, adjusted by Holm for all effects."""

    @property
    def significant(self) -> bool:
        """Whether the test says so and no seed has the other sign."""
        return is_significant(self.difference, self.p_value)

    @property
    def name(self) -> Text:
        """What was added."""
        normalization, augmentation = self.added.split("+")
        if self.factor == "both":
            return names.ablation_variant(self.added)
        if self.factor == "normalization":
            return names.normalization(normalization)
        return names.augmentation(augmentation)


def correct_answers(runs: Mapping[str, Sequence["Run"]], faces: "Faces") -> dict[str, np.ndarray]:
    """Return variant -> which test images it gets right, bool (seeds, N).

    Args:
        runs: Variant -> one run a seed, the seeds in the same order.
        faces: The faces that the trainings were given.
    """
    answers = {variant: [run.correct_tests(faces) for run in repeats] for variant, repeats in runs.items()}
    # Validation images, where there are no labelled test images, may be one more or fewer with another seed.
    images = min(len(right) for repeats in answers.values() for right in repeats)
    return {variant: np.stack([right[:images] for right in repeats]) for variant, repeats in answers.items()}


def learned_from(run: "Run", faces: "Faces") -> "Faces":
    """Return the training images without those that the run held out for validation."""
    training = faces.of("Training")
    return training.take(np.setdiff1d(np.arange(len(training)), run.validation_rows()))


def accuracy_on(run: "Run", faces: "Faces") -> float:
    """Return the accuracy on images as they are, without augmentation and dropout."""
    predicted = predict_logits(run.network(), faces.images).argmax(axis=1)
    return float(np.mean(predicted == faces.labels))


def metrics(name: str, runs: Mapping[str, Sequence["Run"]]) -> dict[str, object]:
    """Return the accuracies of every run under "name/variant/seed", as `results.json` holds them."""
    return {
        f"{name}/{variant}/{run.facts['seed']}": run.facts["metrics"]
        for variant, repeats in runs.items()
        for run in repeats
    }


def changes(variants: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (factor, variant with it, variant without it) for the variants behind the first.

    One with a strength is held against itself at strength 1; any other against the earliest that differs from
    it in the normalization or in the augmentation alone, or else, in "both", against the first.
    """
    found = []
    for place, variant in enumerate(variants):
        weaker, _, strength = variant.partition("*")
        if strength and weaker in variants:
            found.append(("strength", variant, weaker))
            continue
        for other in variants[:place]:
            differ = [mine != its for mine, its in zip(variant.split("+"), other.split("+"), strict=True)]
            if sum(differ) == 1:
                bare = variant.split("+")[differ[1]] == "none"
                pair = (other, variant) if bare else (variant, other)
                found.append((("normalization", "augmentation")[differ[1]], *pair))
                break
        else:
            if place:
                found.append(("both", variant, variants[0]))
    return found


def effects(correct: Mapping[str, np.ndarray]) -> list[Effect]:
    """Return the effect of every change among variants.

    Args:
        correct: Of `correct_answers`.
    """
    pairs = changes(list(correct))
    differences = [paired_difference(correct[added], correct[without]) for _, added, without in pairs]
    adjusted = holm([difference.p_value for difference in differences])
    return [
        Effect(*pair, difference, float(p_value))
        for pair, difference, p_value in zip(pairs, differences, adjusted, strict=True)
    ]


def main_effect(found: Sequence[Effect], factor: str, *, own: str = "") -> Effect | None:
    """Return the effect that stands for a factor: the one of the variant `own`, else the first."""
    of_factor = [effect for effect in found if effect.factor == factor]
    return next((effect for effect in of_factor if effect.added == own), next(iter(of_factor), None))


def single_effects(found: Sequence[Effect], main: Effect) -> list[Effect]:
    """Return the effects of one part alone, on top of what the main one starts from, the largest first."""
    alone = [
        effect
        for effect in found
        if effect.factor == "augmentation" and effect.without == main.without and effect != main
        if len(parts(effect.added.split("+")[1])) == 1
    ]
    return sorted(alone, key=lambda effect: -effect.difference.mean)


def parts(augmentation: str) -> list[str]:
    """Return what an augmentation is made of, names of `fer_nb.learning.transforms.PARTS`."""
    settings, nothing = augmentation_preset(augmentation.partition("*")[0]), AugmentationSettings()
    return [part for part in PARTS if getattr(settings, part) != getattr(nothing, part)]


def effects_table(found: Sequence[Effect]) -> pd.DataFrame:
    """Return a row an effect: what was added to what, the change with its interval and by seed, and p."""
    rows = [
        (
            effect.name,
            names.ablation_variant(effect.without),
            "{} ({}, {})".format(*map(signed, (difference.mean, difference.low, difference.high))),
            ", ".join(map(signed, difference.by_seed)),
            p_text(effect.p_value).removeprefix("p = ").removeprefix("p "),
            Text("顯著", "yes") if effect.significant else Text("不顯著", "no"),
        )
        for effect, difference in ((effect, effect.difference) for effect in found)
    ]
    columns = [
        Text("加上", "added"),
        Text("原本", "to"),
        Text("測試準確率的變化（點）", "change of test accuracy (points)"),
        Text("各種子（點）", "by seed (points)"),
        Text("p 值", "p"),
        Text("顯著", "significant"),
    ]
    return pd.DataFrame(rows, columns=columns)


def ranges_table(augmentations: Mapping[str, AugmentationSettings], normalization: Text) -> pd.DataFrame:
    """Return a row a step: the normalization, and each range from which a part of an augmentation is drawn.

    Args:
        augmentations: Name, as `names.augmentation` takes it -> settings; equal ranges make one row.
        normalization: What it does, as it is printed.
    """
    rows: dict[str, tuple[Text, Text | str]] = {}
    for name, settings in augmentations.items():
        strength = name.partition("*")[2]
        for part in parts(name):
            reach, step = names.part_range(settings, part), names.part(part)
            if strength:
                step = Text(f"{step.zh}（{strength} 倍）", f"{step.en} × {strength}")
            rows.setdefault(f"{part} {reach}", (step, reach))
    first = (GLOSSARY["normalization"], normalization)
    return pd.DataFrame([first, *rows.values()], columns=[Text("步驟", "step"), Text("範圍", "range")])


def ranges_caption(settings: AugmentationSettings) -> Text:
    """Return the caption of `ranges_table`; the settings tell what fills the pixels that are moved in."""
    grey = Text(f"灰階值 {settings.fill_value:g}", f"grey level {settings.fill_value:g}")
    fill = Text("邊緣的像素", "border pixels") if settings.fill == "nearest" else grey
    return Text(
        f"正規化，以及各種增強均勻抽樣的範圍；移出的空白補上{fill.zh}。",
        f"Normalization, and the ranges from which augmentations draw evenly; gaps take {fill.en}.",
    )


def compared(found: Sequence[Effect], *, own: str) -> list[str]:
    """Return the two variants that show what augmentation does, without it and with it; none without one."""
    main = main_effect(found, "augmentation", own=own)
    return [main.without, main.added] if main else []


def detail(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say which single part helps most, and what stronger augmentation does, as far as either was tried."""
    return joined(singles_sentence(found, correct, own=own), strength_sentence(found))


def finding(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say what augmentation, its parts alone, and normalization do.

    Args:
        found: Of `effects`.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
    """
    told = []
    if main := main_effect(found, "augmentation", own=own):
        before, after = (percent(correct[variant].mean()) for variant in (main.without, main.added))
        change, alone = _change(main), single_effects(found, main)
        kinds = [(sure, [each for each in alone if each.significant is sure]) for sure in (True, False)]
        listed = [
            (_verdict(sure), [_moved(each) for each in each_kind]) for sure, each_kind in kinds if each_kind
        ]
        zh = "；".join(f"{'、'.join(by.zh for by in moved)} 點（{how.zh}）" for how, moved in listed)
        en = "; ".join(f"{', '.join(by.en for by in moved)} points ({how.en})" for how, moved in listed)
        told.append(
            Text(
                f"{main.name.zh}使測試準確率由 {before} 變為 {after}，{change.zh}"
                + (f"；單獨用時{zh}。" if alone else "。"),
                f"With {main.name.en} the test accuracy goes from {before} to {after}, {change.en}"
                + (f"; alone, {en}." if alone else "."),
            )
        )
    for factor in ("normalization", "both"):
        if main := main_effect(found, factor):
            change = _change(main)
            told.append(Text(f"{main.name.zh} {change.zh}。", f"{capital(main.name.en)}: {change.en}."))
    return joined(*told)


def front(found: Sequence[Effect], *, own: str) -> Text:
    """Say in one line what augmentation and normalization do, the number first."""
    told = []
    for factor in ("augmentation", "normalization", "both"):
        if effect := main_effect(found, factor, own=own):
            moved, how = signed(effect.difference.mean), _verdict(effect.significant)
            told.append(
                Text(
                    f"{moved} 個百分點：{effect.name.zh}（{how.zh}）",
                    f"{moved} points by {effect.name.en} ({how.en})",
                )
            )
    zh, en = "；".join(text.zh for text in told), "; ".join(text.en for text in told)
    return Text(f"測試準確率 {zh}。", f"Test accuracy {en}.")


def reason(
    found: Sequence[Effect],
    training: Mapping[str, float],
    correct: Mapping[str, np.ndarray],
    *,
    own: str,
    undone: float | None,
) -> Text:
    """Say why, as far as it was shown: whether training images are known by heart, and what undoes a scale.

    Args:
        found: Of `effects`.
        training: Variant -> the first seed's accuracy on its own training images, without augmentation.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
        undone: By how many deviations raw and normalized images differ at most behind the first batch
            normalization; None where there is none behind the first convolution.
    """
    told = []
    if main := main_effect(found, "augmentation", own=own):
        before, after = (training[each] - float(correct[each].mean()) for each in (main.without, main.added))
        if before - after > CLOSED:
            told.append(
                Text(
                    f"增強使訓練與測試的差距，也就是過擬合，由 {points(before)} 縮小為 {points(after)} 點。",
                    "Augmentation narrows the gap between training and test, overfitting, from "
                    f"{points(before)} to {points(after)} points.",
                )
            )
    main = main_effect(found, "normalization")
    if main and not main.significant and undone is not None and undone < SAME:
        told.append(
            Text(
                "正規化只改灰階的零點與單位，被第一個批次正規化抵銷。",
                "Normalization changes zero and unit of the grey levels, which the first batch normalization "
                "undoes.",
            )
        )
    return joined(*told) if told else Text("看不出原因。", "No reason could be shown.")


def limit(recipe: "Recipe", images: int, repeats: int, *, on_practice_faces: bool) -> Text:
    """Say how far it reaches: images, epochs and seeds of every variant, and what practice faces cannot tell.

    Args:
        recipe: With the epochs of every variant.
        images: Training images of every variant.
        repeats: Seeds of every variant.
        on_practice_faces: Whether the faces are drawn ones.
    """
    seeds = "1 seed" if repeats == 1 else f"{repeats} seeds"
    epochs = "1 epoch" if recipe.epochs == 1 else f"{recipe.epochs} epochs"
    size = Text(
        f"只用 {images:,} 張訓練影像、{recipe.epochs} 個 epoch、{repeats} 個種子",
        f"Only {images:,} training images, {epochs} and {seeds} each",
    )
    if on_practice_faces:
        return Text(
            f"{size.zh}；練習臉不能代表 FER2013。", f"{size.en}; practice faces do not stand for FER2013."
        )
    return Text(f"{size.zh}。", f"{size.en}.")


def singles_sentence(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say which part helps most by itself, and which cannot be told from it; nothing of fewer than two."""
    main = main_effect(found, "augmentation", own=own)
    alone = single_effects(found, main) if main else []
    if len(alone) < 2:
        return Text("", "")
    best, *others = alone
    tests = [paired_difference(correct[best.added], correct[other.added]) for other in others]
    adjusted = holm([test.p_value for test in tests])
    ties = [
        other.name
        for other, test, p_value in zip(others, tests, adjusted, strict=True)
        if not is_significant(test, p_value)
    ]
    if not ties:
        return Text(
            f"單獨使用時{best.name.zh}最有效，顯著高於其他各種。",
            f"Alone, {best.name.en} help most, significantly more than each of the others.",
        )
    tied = enumerated(ties)
    return Text(
        f"單獨使用時{best.name.zh}最高，但與{tied.zh}分不出高下。",
        f"Alone, {best.name.en} come first, but cannot be told from {tied.en}.",
    )


def strength_sentence(found: Sequence[Effect]) -> Text:
    """Say what a multiple of the ranges does; nothing where none was tried."""
    told = []
    for effect in found:
        if effect.factor == "strength":
            times, change = effect.added.partition("*")[2], _change(effect)
            told.append(
                Text(
                    f"範圍加大為 {times} 倍，測試準確率再 {change.zh}。",
                    f"With {times} times the ranges the test accuracy changes by {change.en}.",
                )
            )
    return joined(*told)


def speed_sentence(losses: Mapping[str, pd.Series]) -> Text:
    """Say in which variants the training loss falls faster; nothing of fewer than two.

    Args:
        losses: Variant -> training loss by epoch; only variants that learn from equally hard images compare.
    """
    if len(losses) < 2:
        return Text("", "")
    level = max(loss.min() for loss in losses.values())
    taken = {variant: epochs_to_reach(loss, level) or len(loss) for variant, loss in losses.items()}
    fastest, slowest = min(taken, key=taken.__getitem__), max(taken, key=taken.__getitem__)
    if taken[slowest] - taken[fastest] <= 1:
        who = enumerated(map(names.ablation_variant, losses))
        return Text(
            f"訓練影像相同的版本（{who.zh}）訓練損失下降得一樣快。",
            f"Where the training images are alike ({who.en}) the training loss falls equally fast.",
        )
    first, last = names.ablation_variant(fastest), names.ablation_variant(slowest)
    return Text(
        f"訓練影像相同的版本中，{first.zh}的訓練損失下降最快（{taken[fastest]} 個 epoch 到共同水準），"
        f"{last.zh}最慢（{taken[slowest]} 個）。",
        f"Where the training images are alike, the training loss falls fastest with {first.en} "
        f"({taken[fastest]} epochs to a common level) and slowest with {last.en} ({taken[slowest]}).",
    )


def claims(found: Sequence[Effect], losses: Mapping[str, pd.Series], *, own: str) -> list[dict[str, object]]:
    """Return what earlier reports said of normalization and augmentation beside what was measured.

    Args:
        found: Of `effects`.
        losses: Variant -> training loss by epoch.
        own: The variant that the network's own recipe is.
    """
    told = []
    for factor, reports in (("normalization", "A"), ("augmentation", "AD")):
        if effect := main_effect(found, factor, own=own):
            claim = Text(f"{effect.name.zh}提高準確率", f"{effect.name.en}: higher accuracy")
            better = effect.difference.mean > 0 if effect.significant else None
            told += [_claim(report, factor, claim, _change(effect), better) for report in reports]
    for effect in found:
        if effect.factor == "strength":
            rises = float(losses[effect.added].iloc[-1] - losses[effect.without].iloc[-1])
            claim = Text("增強太強，訓練損失降不下來", "too strong: the training loss stays high")
            measured = Text(f"最後的訓練損失 {rises:+.2f}", f"last training loss {rises:+.2f}")
            told.append(_claim("E", "strength", claim, measured, rises > 0))
    return told


def _claim(report: str, key: str, claim: Text, measured: Text, holds: bool | None) -> dict[str, object]:
    verdicts = {True: "confirmed", False: "not confirmed", None: "cannot be told"}
    return {"report": report, "key": key, "claim": claim, "measured": measured, "verdict": verdicts[holds]}


def _change(effect: Effect) -> Text:
    by, reach, how = signed(effect.difference.mean), between(effect.difference), _verdict(effect.significant)
    return Text(f"{by} 點（{reach.zh}，{how.zh}）", f"{by} points ({reach.en}, {how.en})")


def _moved(effect: Effect) -> Text:
    by = signed(effect.difference.mean)
    return Text(f"{effect.name.zh.removesuffix('增強')} {by}", f"{effect.name.en} {by}")


def _verdict(significant: bool) -> Text:
    return Text("顯著", "significant") if significant else Text("未達顯著", "not significant")
