"""One layer looked at: its filters' images by both ascents, and what drives them in a data set."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis import ascent

if TYPE_CHECKING:
    import keras

PAGE = 16  # filters of a sheet
ENOUGH = 0.8  # share of the data set's largest activation that an image should reach


@dataclass(frozen=True, eq=False)
class Ascent:
    """What an ascent made of some channels.

    Attributes:
        images: Grey levels, float32 (F, 48, 48).
        activation: What each reaches in its channel, (F,); of grey levels cut off at 0 and 255.
        maximum: The largest that an image of the data set reaches, (F,).
    """

    images: NDArray[np.float32]
    activation: NDArray[np.float32]
    maximum: NDArray[np.float32]

    def take(self, rows: slice) -> "Ascent":
        """Return some of the channels."""
        return Ascent(self.images[rows], self.activation[rows], self.maximum[rows])

    @property
    def high_frequency(self) -> NDArray[np.float64]:
        """The share of each image's spectral power above 0.25 cycles a pixel, (F,)."""
        return ascent.high_frequency_energy(self.images)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Whether each reaches at least 0.8 of the maximum, (F,); of one below 0, that and a fifth less."""
        return self.activation >= self.maximum - (1 - ENOUGH) * np.abs(self.maximum)

    @property
    def ratio(self) -> float | None:
        """The median of activation / maximum over the channels whose maximum is above 0, if there are any."""
        known = self.maximum > 0
        return float(np.median(self.activation[known] / self.maximum[known])) if known.any() else None


@dataclass(frozen=True, eq=False)
class LayerStudy:
    """A layer, or the classes, looked at.

    Attributes:
        name: Of the layer.
        channels: The filters, units or classes looked at, (F,).
        total: How many there are.
        kernels: Weights of each, (F, rows, columns), where the layer reads the image itself; else None.
        naive: From white noise on the pixels.
        regularized: On the frequencies.
        patches: For each the patches of the data set that drive it most.
        field: Rows and columns of what one unit sees.
        groups: Filters of the whole layer whose outputs are nearly the same.
    """

    name: str
    channels: NDArray[np.int64]
    total: int
    kernels: NDArray[np.float32] | None
    naive: Ascent
    regularized: Ascent
    patches: list[list[NDArray[np.uint8]]]
    field: tuple[int, int]
    groups: list[NDArray[np.int64]]

    @property
    def labels(self) -> list[str]:
        """The number of each filter, and what its regularized image reaches of the maximum."""
        found = zip(self.channels, self.regularized.activation, self.regularized.maximum, strict=True)
        return [
            f"{channel}\n×{activation / maximum:.1f}" if maximum > 0 else str(channel)
            for channel, activation, maximum in found
        ]

    @property
    def tiles(self) -> dict[str, Any]:
        """What `fer_nb.figures.filters.filter_sheet` draws."""
        return {
            "labels": self.labels,
            "naive": self.naive.images,
            "regularized": self.regularized.images,
            "patches": self.patches,
            "kernels": self.kernels,
        }

    def pages(self, *, filters: int = PAGE) -> list["LayerStudy"]:
        """Return the study in parts of so many filters at most, as they fit on a page."""
        starts = range(0, len(self.channels), filters)
        return [self._part(slice(start, start + filters)) for start in starts]

    def _part(self, rows: slice) -> "LayerStudy":
        return replace(
            self,
            channels=self.channels[rows],
            kernels=None if self.kernels is None else self.kernels[rows],
            naive=self.naive.take(rows),
            regularized=self.regularized.take(rows),
            patches=self.patches[rows],
        )

    def numbers(self) -> dict[str, Any]:
        """Return what `results.json` says of the layer."""
        return {
            "filters": self.total,
            "kinds": len(self.groups),
            "looked_at": len(self.channels),
            "reach": int(self.regularized.enough.sum()),
            "high_frequency": {
                "naive": float(np.median(self.naive.high_frequency)),
                "regularized": float(np.median(self.regularized.high_frequency)),
            },
        }


def study_layer(
    model: "keras.Model",
    which: str | int,
    images: NDArray[np.uint8],
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
        filters: The first so many; 0 for all.
        steps: Of the regularized ascent.
        seed: Of both ascents' starts.

    Raises:
        InputError: As `find_layer` does.
    """
    objective = ascent.channel_objective(model, which)
    field = ascent.receptive_field(model, which)
    found = ascent.responses(objective, images)
    channels = np.arange(objective.channels)[: filters or None]
    naive, regularized = _ascents(objective, channels, found, steps=steps, seed=seed)
    return LayerStudy(
        name=ascent.find_layer(model, which).name,
        channels=channels,
        total=objective.channels,
        kernels=image_kernels(model, which, channels),
        naive=naive,
        regularized=regularized,
        patches=[ascent.top_patches(images, found, int(channel), field) for channel in channels],
        field=field.size,
        groups=ascent.similar_groups(found.correlation),
    )


def study_classes(model: "keras.Model", images: NDArray[np.uint8], *, steps: int = 256, seed: int) -> Ascent:
    """Return an image for each class that drives its logit, by the regularized ascent.

    Args:
        model: (batch, 48, 48, 1) to one number a class.
        images: The data set, uint8 (N, 48, 48).
        steps: How many.
        seed: Of the start.
    """
    objective = ascent.class_objective(model)
    channels = np.arange(objective.channels)
    found = ascent.responses(objective, images).objective
    pictures = ascent.fourier_ascent(objective, channels, spread=found.std(axis=0), steps=steps, seed=seed)
    return Ascent(pictures, ascent.reached(objective, pictures, channels), found.max(axis=0))


def image_kernels(
    model: "keras.Model", which: str | int, channels: NDArray[np.int64]
) -> NDArray[np.float32] | None:
    """Return the weights (F, rows, columns) of a convolution that reads one grey channel, else None."""
    weights = [np.asarray(part) for part in ascent.find_layer(model, which).get_weights()]
    if not weights or weights[0].ndim != 4 or weights[0].shape[2] != 1:
        return None
    return weights[0][:, :, 0, channels].transpose(2, 0, 1)


def _ascents(
    objective: ascent.Activation,
    channels: NDArray[np.int64],
    found: ascent.Responses,
    *,
    steps: int,
    seed: int,
) -> tuple[Ascent, Ascent]:
    known = found.objective[:, channels]
    maximum, spread = known.max(axis=0), known.std(axis=0)
    starts = ascent.white_noise(len(channels), seed=seed)
    pictures = (
        ascent.naive_ascent(objective, channels, starts),
        ascent.fourier_ascent(objective, channels, spread=spread, steps=steps, seed=seed),
    )
    one, other = (Ascent(made, ascent.reached(objective, made, channels), maximum) for made in pictures)
    return one, other
