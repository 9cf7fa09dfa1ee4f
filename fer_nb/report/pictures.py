"""Pictures as small as they can be without a visible loss, for the page and for paper."""

import io
import zlib
from functools import lru_cache

from PIL import Image

QUALITY = 72  # of JPEG, colours in full resolution; measured: letters of 8 points stay clean
WORTH = 0.9  # share of its size below which a picture becomes a JPEG: most lines and letters stay as they are


def for_page(png: bytes) -> tuple[str, bytes]:
    """Return the media type and the content of a picture as it is smallest in a page."""
    lossy = _jpeg(png)
    return ("image/jpeg", lossy) if len(lossy) < WORTH * len(png) else ("image/png", png)


def for_paper(png: bytes) -> bytes:
    """Return a picture as it is smallest in a PDF, which keeps a JPEG as it is and deflates bare pixels."""
    lossy = _jpeg(png)
    plain = _plain(png)
    return lossy if len(lossy) < WORTH * len(zlib.compress(plain.tobytes())) else png


def _plain(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    return image if image.mode == "L" else image.convert("RGB")


@lru_cache(maxsize=100)  # the page and the paper ask for the same ones
def _jpeg(png: bytes) -> bytes:
    lossy = io.BytesIO()
    _plain(png).save(lossy, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return lossy.getvalue()
