"""A picture that is drawn again when a control changes."""

import html
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import ipywidgets as widgets
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from fer_nb.errors import InputError

DOTS_PER_INCH = 110
_STYLE = {"description_width": "8em"}
dropdown = partial(widgets.Dropdown, style=_STYLE)
slider = partial(widgets.IntSlider, continuous_update=False, style=_STYLE)
"""Controls with room beside them for a description in both languages."""

WRAPPED = widgets.Layout(flex_flow="row wrap")


class Picture(widgets.VBox):
    """The figure drawn last, below a line that says why there is no later one."""

    def __init__(self) -> None:
        self.message = widgets.HTML()
        nothing = widgets.Layout(object_fit="contain", display="none")  # an empty picture looks broken
        self.image = widgets.Image(format="png", layout=nothing)
        super().__init__([self.message, self.image])

    def show(self, figure: Figure) -> None:
        """Show a figure, no wider than it was drawn, and close it."""
        self.image.layout.display = None
        self.image.layout.max_width = f"min(100%, {figure.get_figwidth() * DOTS_PER_INCH:.0f}px)"
        self.image.value = _png(figure)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Tell of an InputError in the line; the picture stays."""
        try:
            yield
            self.message.value = ""
        except InputError as error:
            self.message.value = html.escape(str(error))


class Live(widgets.VBox):
    """Controls in columns, and below them the figure that `draw` makes of their values.

    A value that `draw` refuses with an InputError is told in a line above the picture, which stays.

    Args:
        draw: Called with the controls' values by name; its figure is closed afterwards.
        controls: Name -> widget with a `value`.
        column: Width of a column at least, if there is room for it.
    """

    def __init__(
        self, draw: Callable[..., Figure], controls: Mapping[str, widgets.DOMWidget], *, column: str = "23em"
    ) -> None:
        self.draw, self.controls, self.picture = draw, controls, Picture()
        template = f"repeat(auto-fill, minmax(min({column}, 100%), 1fr))"
        columns = widgets.Layout(grid_template_columns=template)
        for control in controls.values():
            control.layout.width = "auto"  # as wide as its column, whose neighbour it would lie on otherwise
        super().__init__([widgets.GridBox(list(controls.values()), layout=columns), self.picture])
        for control in controls.values():
            control.observe(self.redraw, names="value")
        self.redraw()

    def redraw(self, _: Any = None) -> None:
        """Draw the picture of the present values."""
        with self.picture.telling():
            self.picture.show(self.draw(**{name: one.value for name, one in self.controls.items()}))

    def take(self, values: Mapping[str, Any]) -> "Live":
        """Set several controls by name, draw once, and return the whole."""
        for name, value in values.items():
            self.controls[name].unobserve(self.redraw, names="value")
            self.controls[name].value = value
            self.controls[name].observe(self.redraw, names="value")
        self.redraw()
        return self


def _png(figure: Figure) -> bytes:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    plt.close(figure)
    return drawn.getvalue()
