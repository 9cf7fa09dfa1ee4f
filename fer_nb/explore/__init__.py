"""Widgets for JupyterLab: browse faces and errors, look into a network, draw a face, look at a photograph.

Each function returns one widget; what it shows is drawn by a plain function of the controls' values.
"""

from fer_nb.explore.expression import draw_expression
from fer_nb.explore.gallery import browse_faces
from fer_nb.explore.inside import look_inside, place_of
from fer_nb.explore.photographs import look_at_photographs

__all__ = ["browse_faces", "draw_expression", "look_at_photographs", "look_inside", "place_of"]
