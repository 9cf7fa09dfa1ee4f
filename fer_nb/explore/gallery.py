"""Browse faces, and the errors among them."""

import base64
import io
from collections.abc import Callable
from functools import partial

import ipywidgets as widgets
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from fer_nb.explore.live import WRAPPED, dropdown, slider
from fer_nb.language import EMOTIONS

PAGE = 24  # faces
SIDE = 96  # pixels of a face
ANY, ERRORS = "全部 any", "答錯的 errors"
_CLASSES = {str(emotion): label for label, emotion in enumerate(EMOTIONS)}


def browse_faces(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    predicted: NDArray[np.integer],
    *,
    opened: Callable[[int], widgets.Widget] | None = None,
) -> widgets.VBox:
    """Return a gallery: choose a true class, a predicted class or all errors, turn the pages, click a face.

    Args:
        images: uint8 (N, 48, 48).
        labels: True classes (N,), 0 to 6.
        predicted: What a network answers, (N,).
        opened: Called with the row of a face that is clicked; what it returns is shown below the faces.
    """
    controls = {
        "true": dropdown(options=[ANY, *_CLASSES], description="真實 true"),
        "guess": dropdown(options=[ANY, ERRORS, *_CLASSES], description="預測 predicted"),
    }
    page = slider(1, 1, 1, description="頁 page")
    columns = widgets.Layout(grid_template_columns=f"repeat(auto-fill, minmax({SIDE + 24}px, 1fr))")
    grid, below = widgets.GridBox(layout=columns), widgets.VBox()

    def show(_: object = None) -> None:
        rows = chosen_rows(labels, predicted, **{name: control.value for name, control in controls.items()})
        page.max = max(1, -(-len(rows) // PAGE))
        shown = rows[(page.value - 1) * PAGE :][:PAGE]
        grid.children = [tile(images[row], titles(row), partial(open_face, row)) for row in shown]

    def titles(row: int) -> str:
        title = f"{row} {EMOTIONS[labels[row]].zh}"
        if predicted[row] != labels[row]:
            title += f" → {EMOTIONS[predicted[row]].zh}"
        return title

    def open_face(row: int) -> None:
        if opened is not None:
            below.children = [opened(int(row))]

    for control in (*controls.values(), page):
        control.observe(show, names="value")
    show()
    return widgets.VBox([widgets.HBox([*controls.values(), page], layout=WRAPPED), grid, below])


def chosen_rows(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], *, true: str, guess: str
) -> NDArray[np.int64]:
    """Return the rows of a true class (or ANY) that were taken for a class, for a wrong one, or for ANY."""
    chosen = np.ones(len(labels), bool)
    if true != ANY:
        chosen &= labels == _CLASSES[true]
    if guess == ERRORS:
        chosen &= labels != predicted
    elif guess != ANY:
        chosen &= predicted == _CLASSES[guess]
    return np.flatnonzero(chosen)


def tile(image: NDArray[np.uint8], title: str, clicked: Callable[[], None]) -> widgets.VBox:
    """Return a face that can be clicked, over its title.

    A button has no picture of its own: a style gives it one, under a class that no other button has.
    """
    encoded = io.BytesIO()
    PIL.Image.fromarray(image).save(encoded, format="png")
    button = widgets.Button(
        tooltip=title, layout=widgets.Layout(width=f"{SIDE}px", height=f"{SIDE}px", margin="2px")
    )
    name = f"fer-face-{button.model_id}"
    button.add_class(name)
    source = f"data:image/png;base64,{base64.b64encode(encoded.getvalue()).decode()}"
    style = widgets.HTML(
        f"<style>.{name} {{ background: url({source}) center / cover; image-rendering: pixelated; }}</style>",
        layout=widgets.Layout(display="none"),
    )
    button.on_click(lambda _: clicked())
    return widgets.VBox([style, button, widgets.Label(title)])
