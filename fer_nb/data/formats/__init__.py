"""Every shape in which people hold FER2013, read into one record; the packed copy of it, written."""

from fer_nb.data.formats.packed import pack as pack
from fer_nb.data.formats.reading import read_faces as read_faces
from fer_nb.data.formats.reading import read_found as read_found
from fer_nb.data.formats.reading import recognise as recognise
