import io

import numpy as np
import pytest
from PIL import Image

from fer_nb.report.pictures import for_page, for_paper


def png(pixels):
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def noise():
    """What deflate cannot make small: smooth greys with a little noise."""
    ramp = np.linspace(60, 180, 200)[:, None] + np.random.default_rng(0).normal(0, 4, (200, 200))
    return png(ramp.astype(np.uint8))


@pytest.fixture
def lines():
    pixels = np.full((200, 200, 3), 255, np.uint8)
    pixels[::20] = (0, 90, 180)
    return png(pixels)


def test_noise_becomes_a_jpeg_that_is_smaller_and_hardly_differs(noise):
    kind, picture = for_page(noise)
    assert kind == "image/jpeg"
    assert len(picture) < 0.8 * len(noise)
    before, after = (np.asarray(Image.open(io.BytesIO(content)), int) for content in (noise, picture))
    assert abs(before - after).mean() < 4
    assert for_paper(noise) == picture


def test_lines_stay_as_they_are(lines):
    assert for_page(lines) == ("image/png", lines)
    assert for_paper(lines) == lines
