"""One layer looked at: its filters' images by both ascents, and the faces and parts that drive them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from fer_nb.analysis import ascent
from fer_nb.findings.sentences import SIGNIFICANCE
from fer_nb.language import EMOTIONS

if TYPE_CHECKING:
    import keras

STRONGEST = 25  # faces of a filter on which classes and parts are counted
ROUNDING = 1e-6  # of a filter's largest output; an excess no larger may be that of float32
SMALLEST_LOSS = 0.2  # of a filter's excess; a part that costs less is not called what drives it


@dataclass(frozen=True, eq=False)
class Ascent:
    """What an ascent made of some channels.

    Attributes:
        images: Grey levels 0 to 255, float32 (F, 48, 48).
        activation: What each reaches in its channel, (F,).
        maximum: The largest that an image of the data set reaches, (F,).
    """

    images: NDArray[np.float32]
    activation: NDArray[np.float32]
    maximum: NDArray[np.float32]

    @property
    def ratio(self) -> float | None:
        """The median of activation / maximum over the channels whose maximum is above 0, if there are any."""
        known = self.maximum > 0
        return float(np.median(self.activation[known] / self.maximum[known])) if known.any() else None


@dataclass(frozen=True, eq=False)
class LayerStudy:
    """A layer looked at.

    Attributes:
        name: Of the layer.
        channels: The filters or units looked at, (F,).
        naive: Of those, from white noise on the pixels.
        regularized: Of those, on the frequencies.
        field: Of a unit.
        sines: For every filter of the layer the wave that drives it most; none where it reads no image.
        found: What every filter of the layer answers to the data set.
        strongest: Rows of the faces that drive each filter looked at most, the strongest first, (F, K).
        counts: Their true classes, (F, 7).
        shares: Of each class in the data set, (7,).
        losses: What each filter loses on these faces without the expression of each region, (F, 7): the fall
            of its largest output, as a share of what sets them apart, by how much that output exceeds that
            of all faces on average. 1 makes them faces like any other; 0 where nothing sets them apart. None
            until it is measured, and where no face is left to set them apart from.
    """

    name: str
    channels: NDArray[np.int64]
    naive: Ascent
    regularized: Ascent
    field: ascent.ReceptiveField
    sines: list[ascent.Sine]
    found: ascent.Responses
    strongest: NDArray[np.int64]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    losses: NDArray[np.float64] | None = None

    def favoured(self, number: int) -> int | None:
        """Return the commonest class among a filter's strongest faces, if it is commoner there than in all.

        By an exact binomial test against its share of the data set, adjusted (Bonferroni) for the classes.
        """
        counts = self.counts[number]
        top = int(counts.argmax())
        if not counts[top]:
            return None
        test = scipy.stats.binomtest(int(counts[top]), int(counts.sum()), self.shares[top], "greater")
        return top if test.pvalue * len(counts) < SIGNIFICANCE else None

    def part(self, number: int) -> int | None:
        """Return the region without which a filter loses most, if it loses a fifth of its excess or more."""
        if self.losses is None or self.losses[number].max() < SMALLEST_LOSS:
            return None
        return int(self.losses[number].argmax())


def study_layer(
    model: "keras.Model",
    which: str | int,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    *,
    filters: int = 0,
    steps: int = 256,
    seed: int,
) -> LayerStudy:
    """Look at a layer.

    Args:
        model: As for `fer_nb.analysis.ascent.find_layer`.
        which: A layer, likewise.
        images: The data set, uint8 (N, 48, 48).
        labels: Its classes, (N,), -1 where unknown.
        filters: The first so many; 0 for all.
        steps: Of the regularized ascent.
        seed: Of both ascents' starts.

    Raises:
        InputError: As `find_layer` does.
    """
    objective = ascent.channel_objective(model, which)
    found = ascent.responses(objective, images)
    channels = np.arange(objective.channels)[: filters or None]
    kernels = ascent.image_kernels(model, which)
    strongest = np.argsort(-found.peak[:, channels], axis=0, kind="stable")[:STRONGEST].T
    classes = np.arange(len(EMOTIONS))
    starts = ascent.white_noise(len(channels), seed=seed)
    naive = ascent.naive_ascent(objective, channels, starts)
    return LayerStudy(
        name=ascent.find_layer(model, which).name,
        channels=channels,
        naive=_reached(objective, channels, naive, found),
        regularized=_regularized(objective, channels, found, steps=steps, seed=seed),
        field=ascent.receptive_field(model, which),
        sines=[] if kernels is None else [ascent.best_sine(kernel) for kernel in kernels],
        found=found,
        strongest=strongest,
        counts=(labels[strongest][..., None] == classes).sum(axis=1),
        shares=(labels[:, None] == classes).mean(axis=0),
    )


def without_regions(
    model: "keras.Model",
    study: LayerStudy,
    rows: NDArray[np.integer],
    ablated: NDArray[np.uint8],
) -> LayerStudy:
    """Return the study with what each filter loses on its strongest faces without each region's expression.

    Args:
        model: Whose layer was studied.
        study: The layer.
        rows: The faces that are given, ascending; all of `study.strongest` among them.
        ablated: These faces without one region's expression, uint8 (N, 7, 48, 48).
    """
    objective, peaks = ascent.channel_objective(model, study.name), study.found.peak
    outputs = ascent.filter_outputs(objective, ablated.reshape(-1, *ablated.shape[2:]))
    without = outputs.max(axis=(1, 2)).reshape(*ablated.shape[:2], -1)
    if len(peaks) <= STRONGEST:
        return study
    losses = []
    for channel, strongest in zip(study.channels, study.strongest, strict=True):
        before = peaks[strongest, channel]
        fall = (before[:, None] - without[np.searchsorted(rows, strongest), :, channel]).mean(axis=0)
        excess = before.mean() - peaks[:, channel].mean()
        apart = excess > ROUNDING * np.abs(peaks[:, channel]).max()
        losses.append(fall / excess if apart else np.zeros_like(fall))
    return replace(study, losses=np.array(losses, np.float64))


def study_classes(model: "keras.Model", images: NDArray[np.uint8], *, steps: int = 256, seed: int) -> Ascent:
    """Return an image for each class that drives its logit, by the regularized ascent.

    Args:
        model: (batch, 48, 48, 1) to one number a class.
        images: The data set, uint8 (N, 48, 48).
        steps: How many.
        seed: Of the start.
    """
    objective = ascent.class_objective(model)
    found = ascent.responses(objective, images)
    return _regularized(objective, np.arange(objective.channels), found, steps=steps, seed=seed)


def _regularized(
    objective: ascent.Activation, channels: NDArray[Any], found: ascent.Responses, *, steps: int, seed: int
) -> Ascent:
    spread = found.objective[:, channels].std(axis=0)
    images = ascent.fourier_ascent(objective, channels, spread=spread, steps=steps, seed=seed)
    return _reached(objective, channels, images, found)


def _reached(
    objective: ascent.Activation, channels: NDArray[Any], images: NDArray[Any], found: ascent.Responses
) -> Ascent:
    reached = ascent.reached(objective, images, channels)
    return Ascent(images, reached, found.objective[:, channels].max(axis=0))
