"""The answer on normalization and augmentation: what each does, why, and how far that reaches."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import epochs_to_reach, holm
from fer_nb.findings import names
from fer_nb.findings.ablation import TEXTS
from fer_nb.findings.ablation.effects import Effect, beside_others, difference, main_effect, single_effects
from fer_nb.findings.comparisons import between, claim_record, verdict
from fer_nb.findings.sentences import SIGNIFICANCE, curves_caption, joined, p_text, percent, plural, signed
from fer_nb.findings.tables import ranges
from fer_nb.language import Text
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.transforms import AugmentationSettings

CLOSED = 0.05  # of an accuracy; a gap between training and test that closes by less explains nothing
SLOWER = 0.2  # of the slower one's epochs; losses that reach a level closer together fall about equally fast
LOSS_DIGIT = 0.005  # nats; last losses that differ by less are written as equal
SAME = 0.01  # deviations; images that differ by less behind the first layer are the same to all that follow


def losses_caption(recipe: Recipe) -> Text:
    """Describe the curves of the loss, of trainings by one recipe that vary in what they are compared by."""
    return curves_caption(TEXTS["caption of losses"], {names.network(recipe.name): recipe})


def detail(
    found: Sequence[Effect],
    correct: Mapping[str, np.ndarray],
    losses: Mapping[str, pd.Series],
    *,
    own: str,
) -> Text:
    """Say which part helps most, what stronger augmentation or raw grey levels do, and how fast losses fall.

    Each as far as it was tried: two variants alone may leave nothing to tell.

    Args:
        found: Of `effects`.
        correct: Of `correct_answers`.
        losses: As `speed_sentence` takes them.
        own: The variant that the network's own recipe is.
    """
    main = main_effect(found, "augmentation", own=own)
    beside = [
        TEXTS["finding beside"].format(name=other.name, base=_normalization(other), change=_change(other))
        for other in (beside_others(found, main) if main else ())
    ]
    parts = singles_sentence(found, correct, own=own), strength_sentence(found)
    return joined(*parts, *beside, speed_sentence(losses))


def finding(
    found: Sequence[Effect],
    correct: Mapping[str, np.ndarray],
    *,
    own: str,
    used: Mapping[str, AugmentationSettings],
    split: Text,
) -> Text:
    """Say what augmentation, its parts alone, and normalization do.

    Args:
        found: Of `effects`.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
        used: Augmentation -> its settings, as `ranges_table` takes them.
        split: Whose images were answered.
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
        gaps = {"name": main.name, "before": before, "after": after, "change": change, "singly": singly}
        gaps |= {"ranges": ranges(used[main.added.split("+")[1]]), "base": _base(main), "split": split}
        sentences.append(TEXTS["finding of augmentation"].format(**gaps))
    for factor in ("normalization", "both"):
        if main := main_effect(found, factor, own=own):
            change = _change(main)
            sentences.append(TEXTS["finding"].format(name=main.name, change=change))
    return joined(*sentences)


def front(found: Sequence[Effect], *, own: str, images: int, split: Text) -> Text:
    """Say in one line what augmentation and normalization do to a training on so many images."""
    sentences = []
    for factor in ("augmentation", "normalization", "both"):
        if effect := main_effect(found, factor, own=own):
            moved, how = signed(effect.difference.mean), _verdict(effect.significant)
            gaps = {"moved": moved, "name": effect.name, "base": _base(effect), "how": how}
            sentences.append(TEXTS["front points by"].format(**gaps))
    return TEXTS["front accuracy"].format(split=split, images=images, effects=sentences)


def reason(
    found: Sequence[Effect],
    training: Mapping[str, float],
    correct: Mapping[str, np.ndarray],
    *,
    own: str,
    remaining: float | None,
    split: Text,
) -> Text:
    """Say why, as far as it was shown: whether training images are known by heart, and what undoes a scale.

    Args:
        found: Of `effects`.
        training: Variant -> mean accuracy on its own training images, without augmentation.
        correct: Of `correct_answers`.
        own: The variant that the network's own recipe is.
        remaining: By how many deviations raw and normalized images differ at most behind the first batch
            normalization; None where there is none behind the first convolution.
        split: Whose images were answered.
    """
    sentences = []
    gaps = {each: training[each] - float(answers.mean()) for each, answers in correct.items()}
    if main := main_effect(found, "augmentation", own=own):
        before, after = gaps[main.without], gaps[main.added]
        if before - after > CLOSED:
            learned = signed(training[main.added] - training[main.without])
            moved = {"training": learned, "test": signed(main.difference.mean), "split": split}
            sentences.append(TEXTS["reason"].format(before=signed(before), after=signed(after), **moved))
    main = main_effect(found, "normalization", own=own)
    scaled = main is not None and "per_image" not in main.added + main.without  # one scale for all images
    if main and scaled and not main.significant and remaining is not None and remaining < SAME:
        sentences.append(TEXTS["reason normalization changes zero"])
    return joined(*sentences) if sentences else TEXTS["no reason could be"]


def limit(recipe: Recipe, images: int, repeats: int, *, compared: bool, on_practice_faces: bool) -> Text:
    """Say how far it reaches: images, epochs and seeds of every variant, and what practice faces cannot tell.

    Args:
        recipe: With the epochs of every variant.
        images: Training images of every variant.
        repeats: Seeds of every variant.
        compared: Whether one of the variants is the network's own recipe.
        on_practice_faces: Whether the faces are drawn ones.
    """
    size = TEXTS["limit only training images"].format(
        images=images, epochs=recipe.epochs, repeats=repeats, s=plural(recipe.epochs), seeds=plural(repeats)
    )  # fmt: skip
    size = size if compared else TEXTS["limit other settings"].format(size=size)
    if on_practice_faces:
        return TEXTS["limit practice faces do"].format(size=size)
    return TEXTS["sentence"].format(text=size)


def singles_sentence(found: Sequence[Effect], correct: Mapping[str, np.ndarray], *, own: str) -> Text:
    """Say which part helps most by itself, or costs least, and which come as close; nothing of one."""
    main = main_effect(found, "augmentation", own=own)
    alone = single_effects(found, main) if main else []
    if len(alone) < 2:
        return Text("", "")
    best, *others = alone
    adjusted = holm([difference(correct, best.added, other.added).p_value for other in others])
    ties = [other.name for other, p_value in zip(others, adjusted, strict=True) if p_value >= SIGNIFICANCE]
    if not ties:
        key = "singles alone help most" if best.difference.mean > 0 else "singles alone cost least"
        return TEXTS[key].format(name=best.name, p=p_text(max(adjusted)))
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
    if taken[slowest] - taken[fastest] <= max(1, SLOWER * taken[slowest]):
        return TEXTS["speed where the training"].format(who=[*map(names.ablation_variant, losses)])
    first, last = names.ablation_variant(fastest), names.ablation_variant(slowest)
    return TEXTS["speed where the training 2"].format(
        first=first, taken=taken[fastest], s=plural(taken[fastest]), last=last, taken2=taken[slowest]
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
            claim = TEXTS["claims higher accuracy"].format(name=effect.name, base=_base(effect))
            better = effect.difference.mean > 0 if effect.significant else None
            records += [claim_record(report, factor, claim, _change(effect), better) for report in reports]
    for effect in found:
        if effect.factor == "strength":
            rises = float(losses[effect.added].iloc[-1] - losses[effect.without].iloc[-1])
            claim = TEXTS["claims too strong the"]
            measured = TEXTS["claims last training loss"].format(rises=rises)
            holds = verdict(confirmed=rises >= LOSS_DIGIT, refuted=rises <= -LOSS_DIGIT)
            records.append(claim_record("E", "strength", claim, measured, holds))
    return records


def _normalization(effect: Effect) -> Text:
    return names.normalization(effect.added.split("+")[0])


def _base(effect: Effect) -> Text:
    """Say on top of which normalization an augmentation was tried; nothing of any other effect."""
    bare = effect.factor != "augmentation" or effect.added.startswith("none+")
    return Text("", "") if bare else TEXTS["on top of"].format(base=_normalization(effect))


def _change(effect: Effect) -> Text:
    by, reach, how = signed(effect.difference.mean), between(effect.difference), _verdict(effect.significant)
    if not effect.significant and effect.difference.p_value < SIGNIFICANCE:
        how = TEXTS["not by correction"]  # the test of this effect alone says otherwise, as may its interval
    return TEXTS["change 2"].format(by=by, reach=reach, how=how)


def _moved(effect: Effect) -> Text:
    by = signed(effect.difference.mean)
    return TEXTS["moved"].format(value=effect.name.zh.removesuffix("增強"), by=by, name=effect.name)


def _verdict(significant: bool) -> Text:
    return TEXTS["significant"] if significant else TEXTS["not significant"]
