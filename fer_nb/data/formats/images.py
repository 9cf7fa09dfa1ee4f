"""Decodes images and reads the image folder: <split>/<class>/<image>."""

import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fer_nb.data.faces import MOST, SIZE, USAGES, Faces, numbered
from fer_nb.data.formats.names import class_of, reading_bar, split_of, split_of_image, unknown_class
from fer_nb.errors import InputError

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".pgm", ".tif", ".tiff", ".webp")
FORMATS = ("JPEG", "PNG", "BMP", "GIF", "PPM", "TIFF", "WEBP")  # for PostScript Pillow starts a program
_LARGEST = 1_000_000  # bytes of an encoded image of 48x48 pixels, of which PNG takes 3,000
_LITTER = ("thumbs.db", "desktop.ini")
_COLOUR_MODES = ("RGB", "RGBA", "P", "LA")


def decode(encoded: bytes, where: str) -> NDArray[np.uint8]:
    """Return the grey levels, uint8 (48, 48), of an encoded image, upright as its EXIF data tell.

    A colour image passes if its three channels are equal everywhere: it is a grey one saved as colour.

    Raises:
        InputError: Beginning with `where`, if it does not decode or is not one image, 48x48 and grey.
    """
    if len(encoded) > _LARGEST:
        raise InputError.expected(where, f"an image of at most {_LARGEST:,} bytes", "a larger one")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(encoded), formats=FORMATS) as image:
                if image.size != (SIZE, SIZE):
                    found = "x".join(map(str, image.size))
                    raise InputError.expected(where, "an image of 48x48 pixels", found)
                if getattr(image, "is_animated", False):
                    raise InputError.expected(where, "a single image", "an animated one")
                mode, upright = image.mode, ImageOps.exif_transpose(image)
                levels = np.asarray(upright.convert("RGB") if mode in _COLOUR_MODES else upright)
    except InputError:
        raise
    except Exception as error:  # Pillow raises whatever the content provokes
        damage = f"{len(encoded)} bytes that do not decode ({type(error).__name__})"
        raise InputError.expected(where, "an image", damage if encoded else "an empty one") from None
    if mode in _COLOUR_MODES and (levels == levels[..., :1]).all():
        return levels[..., 0]
    if mode != "L":
        raise InputError.expected(where, "a grey image", f"one of colour mode {mode}")
    return levels


def image_files(files: Mapping[Path, Sequence[str]]) -> list[str]:
    """Return the paths of the files that lie in a folder named after a class.

    Args:
        files: The names of the files in each folder.

    Raises:
        InputError: If an image lies in a folder that no class is named after, or there are too many.
    """
    images = []
    for folder, names in files.items():
        if class_of(folder.name) is not None:
            images += [f"{folder}/{name}" for name in names if name.lower() not in _LITTER]
        elif stray := [name for name in names if name.lower().endswith(IMAGE_SUFFIXES)]:
            raise InputError(f"{folder / stray[0]}: {unknown_class('class folder', folder.name)}")
    if len(images) > MOST:
        raise InputError.expected(next(iter(files)), f"at most {MOST:,} images", f"{len(images):,}")
    return images


def read_image_folder(folder: Path, files: Sequence[Path], *, quiet: bool = False) -> Faces:
    """Read the images `files` below `folder`, each in a folder named after its class.

    The split is what the file name begins with ("PublicTest_123.jpg"), else what the nearest folder up to
    `folder` tells (`split_of`), else Training. The order is Training, PublicTest, PrivateTest, each as given.

    Raises:
        InputError: With the name of the first file that is not an image of 48x48 grey levels.
    """
    split_of_parent = {parent: _split_of_folder(folder, parent) for parent in {file.parent for file in files}}
    splits = [split_of_image(file.name) or split_of_parent[file.parent] for file in files]
    usage = np.array([USAGES.index(split) for split in splits], np.uint8)
    order = np.argsort(usage, kind="stable")
    labels = np.array([class_of(file.parent.name) for file in files], np.int8)
    images = np.empty((len(files), SIZE, SIZE), np.uint8)
    for row, file in enumerate(reading_bar(folder, quiet, iterable=files, unit="image")):
        with file.open("rb") as handle:
            images[row] = decode(handle.read(_LARGEST + 1), str(file))
    return Faces(images, labels, usage, numbered(usage), source=str(folder)).take(order)


def _split_of_folder(root: Path, folder: Path) -> str:
    above = (parent for parent in folder.parents if parent.is_relative_to(root))
    return next(filter(None, (split_of(parent.name) for parent in above)), "Training")
