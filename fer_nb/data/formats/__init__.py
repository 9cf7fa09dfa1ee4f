"""Every shape in which people hold FER2013, read into one record; the packed copy of it, written."""

from fer_nb.data.formats.packed import pack
from fer_nb.data.formats.reading import read_faces, read_found
from fer_nb.data.formats.recognition import recognise

__all__ = ["pack", "read_faces", "read_found", "recognise"]
