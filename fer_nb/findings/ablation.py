"""What normalization and augmentation do to a network: the effect of each change, and what 03 says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import PairedDifference, epochs_to_reach, holm, paired_difference
from fer_nb.findings import TEXTS as SHARED
from fer_nb.findings import names
from fer_nb.findings.comparisons import between, claim_record
from fer_nb.findings.sentences import SIGNIFICANCE, joined, p_text, percent, points, signed
from fer_nb.language import Text, read_texts
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.transforms import AugmentationSettings, augmentation_preset

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.runs import Run

TEXTS = read_texts(Path(__file__).with_suffix(".yaml"), beside=SHARED)
CLOSED = 0.05  # of an accuracy; a gap between training and test that closes by less explains nothing
SAME = 0.01  # deviations; images that differ by less behind the first layer are the same to all that follow


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
        """Whether the test says so."""
        return self.p_value < SIGNIFICANCE

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


def training_accuracy(runs: Sequence["Run"], faces: "Faces") -> float:
    """Return the mean accuracy of runs, each on the images that it has learned from, not augmented."""
    shares = []
    for run in runs:
        learned = learned_from(run, faces)
        predicted = predict_logits(run.network(), learned.images).argmax(axis=1)
        shares.append(np.mean(predicted == learned.labels))
    return float(np.mean(shares))


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


def difference(correct: Mapping[str, np.ndarray], added: str, without: str) -> PairedDifference:
    """Compare two variants; how much seeds matter is known from all variants of `correct_answers`."""
    accuracies = np.stack([right.mean(axis=1) for right in correct.values()])
    return paired_difference(correct[added], correct[without], accuracies=accuracies)


def effects(correct: Mapping[str, np.ndarray]) -> list[Effect]:
    """Return the effect of every change among variants.

    Args:
        correct: Of `correct_answers`.
    """
    pairs = changes(list(correct))
    differences = [difference(correct, added, without) for _, added, without in pairs]
    adjusted = holm([one.p_value for one in differences])
    return [
        Effect(*pair, one, float(p_value))
        for pair, one, p_value in zip(pairs, differences, adjusted, strict=True)
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
    return augmentation_preset(augmentation.partition("*")[0]).parts


def effects_table(found: Sequence[Effect]) -> pd.DataFrame:
    """Return a row an effect: what was added to what, the change with its interval and by seed, and p."""
    rows = [
        (
            effect.name,
            names.ablation_variant(effect.without),
            "{} ({}, {})".format(*map(signed, (difference.mean, difference.low, difference.high))),
            ", ".join(map(signed, difference.by_seed)),
            p_text(effect.p_value).removeprefix("p = ").removeprefix("p "),
            TEXTS["yes"] if effect.significant else TEXTS["no"],
        )
        for effect, difference in ((effect, effect.difference) for effect in found)
    ]
    return pd.DataFrame(rows, columns=TEXTS["effects columns"].split())


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
                step = TEXTS["ranges table"].format(step=step, strength=strength)
            rows.setdefault(f"{part} {reach}", (step, reach))
    first = (TEXTS["normalization"], normalization)
    return pd.DataFrame([first, *rows.values()], columns=[TEXTS["step"], TEXTS["range"]])


def ranges_caption(settings: AugmentationSettings) -> Text:
    """Return the caption of `ranges_table`; the settings tell what fills the pixels that are moved in."""
    grey = TEXTS["ranges caption grey level"].format(fill_value=settings.fill_value)
    fill = TEXTS["border pixels"] if settings.fill == "nearest" else grey
    return TEXTS["ranges caption normalization and the"].format(fill=fill)


def compared(found: Sequence[Effect], *, own: str) -> list[str]:
    """Return the two variants that show what augmentation does, without it and with it; none without one."""
    main = main_effect(found, "augmentation", own=own)
    return [main.without, main.added] if main else []


def detail(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say which single part helps most, and what stronger augmentation does, as far as either was tried."""
    return joined(singles_sentence(found, correct, own=own), strength_sentence(found))


def finding(
    found: Sequence[Effect],
    correct: Mapping[str, np.ndarray],
    *,
    own: str,
    used: Mapping[str, AugmentationSettings],
) -> Text:
    """Say what augmentation, its parts alone, and normalization do.

    Args:
        found: Of `effects`.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
        used: Augmentation -> its settings, as `ranges_table` takes them.
    """
    sentences = []
    if main := main_effect(found, "augmentation", own=own):
        before, after = (percent(correct[variant].mean()) for variant in (main.without, main.added))
        change, alone = _change(main), single_effects(found, main)
        sure, unsure = ([_moved(each) for each in alone if each.significant is so] for so in (True, False))
        kinds = [
            TEXTS["finding of a kind"].format(moved=moved, how=_verdict(so))
            for so, moved in ((True, sure), (False, unsure))
            if moved
        ]
        singly = TEXTS["finding alone"].format(kinds=kinds) if alone else ""
        augmentation = main.added.split("+")[1]
        ranges = [
            TEXTS["step and range"].format(
                step=names.part(part), range=names.part_range(used[augmentation], part)
            )
            for part in parts(augmentation)
        ]
        gaps = {"name": main.name, "before": before, "after": after, "change": change, "singly": singly}
        gaps["ranges"] = ranges
        sentences.append(TEXTS["finding of augmentation"].format(**gaps))
    for factor in ("normalization", "both"):
        if main := main_effect(found, factor):
            change = _change(main)
            sentences.append(TEXTS["finding"].format(name=main.name, change=change))
    return joined(*sentences)


def front(found: Sequence[Effect], *, own: str, images: int) -> Text:
    """Say in one line what augmentation and normalization do to a training on so many images."""
    sentences = []
    for factor in ("augmentation", "normalization", "both"):
        if effect := main_effect(found, factor, own=own):
            moved, how = signed(effect.difference.mean), _verdict(effect.significant)
            sentences.append(TEXTS["front points by"].format(moved=moved, name=effect.name, how=how))
    return TEXTS["front test accuracy"].format(images=images, effects=sentences)


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
        training: Variant -> mean accuracy on its own training images, without augmentation.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
        undone: By how many deviations raw and normalized images differ at most behind the first batch
            normalization; None where there is none behind the first convolution.
    """
    sentences = []
    if main := main_effect(found, "augmentation", own=own):
        before, after = (training[each] - float(correct[each].mean()) for each in (main.without, main.added))
        if before - after > CLOSED:
            sentences.append(TEXTS["reason"].format(before=points(before), after=points(after)))
    main = main_effect(found, "normalization")
    if main and not main.significant and undone is not None and undone < SAME:
        sentences.append(TEXTS["reason normalization changes zero"])
    return joined(*sentences) if sentences else TEXTS["reason no reason could"]


def limit(recipe: "Recipe", images: int, repeats: int, *, on_practice_faces: bool) -> Text:
    """Say how far it reaches: images, epochs and seeds of every variant, and what practice faces cannot tell.

    Args:
        recipe: With the epochs of every variant.
        images: Training images of every variant.
        repeats: Seeds of every variant.
        on_practice_faces: Whether the faces are drawn ones.
    """
    size = TEXTS["limit only training images"].format(
        images=images, epochs=recipe.epochs, repeats=repeats, more="" if recipe.epochs == 1 else "s",
        seeds="" if repeats == 1 else "s",
    )  # fmt: skip
    return TEXTS["limit practice faces do" if on_practice_faces else "limit text"].format(size=size)


def singles_sentence(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say which part helps most by itself, and which cannot be told from it; nothing of fewer than two."""
    main = main_effect(found, "augmentation", own=own)
    alone = single_effects(found, main) if main else []
    if len(alone) < 2:
        return Text("", "")
    best, *others = alone
    adjusted = holm([difference(correct, best.added, other.added).p_value for other in others])
    ties = [other.name for other, p_value in zip(others, adjusted, strict=True) if p_value >= SIGNIFICANCE]
    if not ties:
        return TEXTS["singles alone help most"].format(name=best.name)
    return TEXTS["singles alone come first"].format(name=best.name, tied=ties)


def strength_sentence(found: Sequence[Effect]) -> Text:
    """Say what a multiple of the ranges does; nothing where none was tried."""
    sentences = []
    for effect in found:
        if effect.factor == "strength":
            times, change = effect.added.partition("*")[2], _change(effect)
            sentences.append(TEXTS["strength"].format(times=times, change=change))
    return joined(*sentences)


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
        return TEXTS["speed where the training"].format(who=[*map(names.ablation_variant, losses)])
    first, last = names.ablation_variant(fastest), names.ablation_variant(slowest)
    return TEXTS["speed where the training 2"].format(
        first=first, taken=taken[fastest], last=last, taken2=taken[slowest]
    )


def claims(found: Sequence[Effect], losses: Mapping[str, pd.Series], *, own: str) -> list[dict[str, object]]:
    """Return what earlier reports said of normalization and augmentation beside what was measured.

    Args:
        found: Of `effects`.
        losses: Variant -> training loss by epoch.
        own: The variant that the network's own recipe is.
    """
    records = []
    for factor, reports in (("normalization", "A"), ("augmentation", "AD")):
        if effect := main_effect(found, factor, own=own):
            claim = TEXTS["claims higher accuracy"].format(name=effect.name)
            better = effect.difference.mean > 0 if effect.significant else None
            records += [claim_record(report, factor, claim, _change(effect), better) for report in reports]
    for effect in found:
        if effect.factor == "strength":
            rises = float(losses[effect.added].iloc[-1] - losses[effect.without].iloc[-1])
            claim = TEXTS["claims too strong the"]
            measured = TEXTS["claims last training loss"].format(rises=rises)
            records.append(claim_record("E", "strength", claim, measured, rises > 0))
    return records


def _change(effect: Effect) -> Text:
    by, reach, how = signed(effect.difference.mean), between(effect.difference), _verdict(effect.significant)
    return TEXTS["change 2"].format(by=by, reach=reach, how=how)


def _moved(effect: Effect) -> Text:
    by = signed(effect.difference.mean)
    return TEXTS["moved"].format(value=effect.name.zh.removesuffix("增強"), by=by, name=effect.name)


def _verdict(significant: bool) -> Text:
    return TEXTS["significant"] if significant else TEXTS["not significant"]
