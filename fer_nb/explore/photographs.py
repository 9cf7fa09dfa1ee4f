"""Look at a photograph of one's own as a network does."""

import html
import io

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.data.photographs import Square, cut, find_faces, open_photograph, smaller
from fer_nb.errors import InputError
from fer_nb.explore.live import WRAPPED, Picture
from fer_nb.figures.photographs import faces_seen
from fer_nb.findings.photographs import Observer
from fer_nb.language import HTML_LANGUAGE
from fer_nb.learning.prediction.ensemble import Member


def look_at_photographs(network: Member) -> widgets.VBox:
    """Return a button that takes a photograph, what a network sees in its faces, and what that is worth.

    A phone's browser offers its camera for the button. The photograph goes to the kernel of this notebook
    alone, which keeps it in memory until the next one; no file is written.

    Args:
        network: What answers.
    """
    observer = Observer.of(network)
    upload = widgets.FileUpload(
        accept="image/*", description="照片 photo", layout=widgets.Layout(width="auto")
    )
    whole = widgets.Checkbox(description="整張照片就是臉 the whole picture is the face", indent=False)
    shown = Picture()
    taken: list[NDArray[np.uint8]] = []  # the photograph, in memory alone

    def show(_: object = None) -> None:
        with shown.telling():
            if upload.value:
                (file,) = upload.value
                taken.clear()
                upload.value = ()  # what a widget holds may be saved with the notebook
                taken.append(open_photograph(io.BytesIO(file["content"]), where=file["name"]))
            if taken:
                shown.show(seen(observer, taken[0], whole=whole.value))

    upload.observe(show, names="value")
    whole.observe(show, names="value")
    limits = [
        f'<p lang="{HTML_LANGUAGE[name]}" style="max-width: 60em; line-height: 1.5">{html.escape(said)}</p>'
        for name, said in observer.limits().by_language().items()
    ]
    buttons = widgets.HBox([upload, whole], layout=WRAPPED)
    return widgets.VBox([buttons, shown, widgets.HTML("".join(limits))])


def seen(observer: Observer, picture: NDArray[np.uint8], *, whole: bool) -> Figure:
    """Return the figure of what a network sees in the faces of a picture, uint8 (H, W, 3), or in the whole.

    Raises:
        InputError: There is no face.
    """
    squares = [Square.around(0, 0, *picture.shape[1::-1])] if whole else find_faces(picture)
    if not squares:
        raise InputError.expected("照片 photo", "a face", "none; 找不到臉，可改勾「整張照片就是臉」")
    cuts = [cut(picture, square) for square in squares]
    pictures = [smaller(picture, square) for square in squares]
    return faces_seen(pictures, cuts, *observer.look(np.stack(cuts)))
