"""Browse faces, and the errors among them."""

import ipywidgets as widgets
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.explore.live import WIDE, Live
from fer_nb.figures.faces import face
from fer_nb.language import EMOTIONS

ROWS, COLUMNS = 3, 8
ANY, ERRORS = "全部 any", "答錯的 errors"
_CLASSES = {str(emotion): label for label, emotion in enumerate(EMOTIONS)}


def browse_faces(
    images: NDArray[np.uint8], labels: NDArray[np.integer], predicted: NDArray[np.integer] | None = None
) -> widgets.VBox:
    """Return a gallery: choose a true class, a predicted class or all errors, and turn the pages.

    Args:
        images: uint8 (N, 48, 48).
        labels: True classes (N,), 0 to 6.
        predicted: What a network answers, (N,); None leaves that choice out.
    """
    controls = {"true": widgets.Dropdown(options=[ANY, *_CLASSES], description="真實 true", style=WIDE)}
    if predicted is not None:
        options = [ANY, ERRORS, *_CLASSES]
        controls["guess"] = widgets.Dropdown(options=options, description="預測 predicted", style=WIDE)
    page = widgets.IntSlider(1, 1, 1, description="頁 page", continuous_update=False, style=WIDE)

    def draw(true: str, page: int, guess: str = ANY) -> Figure:
        rows = chosen_rows(labels, predicted, true=true, guess=guess)
        return gallery(images, labels, predicted, rows[(page - 1) * ROWS * COLUMNS :])

    def fit_pages(_: object = None) -> None:
        rows = chosen_rows(labels, predicted, **{name: control.value for name, control in controls.items()})
        page.max = max(1, -(-len(rows) // (ROWS * COLUMNS)))

    for control in controls.values():
        control.observe(fit_pages, names="value")
    fit_pages()
    return Live(draw, controls | {"page": page})


def chosen_rows(
    labels: NDArray[np.integer], predicted: NDArray[np.integer] | None, *, true: str, guess: str = ANY
) -> NDArray[np.int64]:
    """Return the rows of a true class (or ANY) that were taken for a class, for a wrong one, or for ANY."""
    chosen = np.ones(len(labels), bool)
    if true != ANY:
        chosen &= labels == _CLASSES[true]
    if predicted is not None and guess == ERRORS:
        chosen &= labels != predicted
    elif predicted is not None and guess != ANY:
        chosen &= predicted == _CLASSES[guess]
    return np.flatnonzero(chosen)


def gallery(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    predicted: NDArray[np.integer] | None,
    rows: NDArray[np.int64],
) -> Figure:
    """Return a page of faces, each under its row number, its class and what it was taken for."""
    figure, axes = plt.subplots(ROWS, COLUMNS, figsize=(9.6, 5.0))
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, row in zip(axes.flat, rows, strict=False):
        title = f"{row} {EMOTIONS[labels[row]]}"
        if predicted is not None and predicted[row] != labels[row]:
            title += f"\n→ {EMOTIONS[predicted[row]]}"
        face(ax, images[row], title=title)
    if not len(rows):
        axes[0, 0].set_title("沒有影像 no image", loc="left")
    return figure
