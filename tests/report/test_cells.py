"""What a notebook cell leaves behind, read back as the report reads it."""

import base64
import io
import json

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from fer_nb.errors import InputError
from fer_nb.language import Text
from fer_nb.report import cells
from fer_nb.report.cells import RECORD_TYPE, TABLE_TYPE


@pytest.fixture
def outputs(monkeypatch):
    """Every output that the cell displays, as (data, metadata)."""
    displayed = []

    def display(data, *, raw, metadata=None):
        assert raw
        displayed.append((json.loads(json.dumps(data, allow_nan=False)), metadata))

    monkeypatch.setattr(cells, "display", display)
    return displayed


@pytest.fixture
def figure():
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.plot([0, 1], [0, 1])
    yield figure
    plt.close(figure)


CAPTION = Text("一條線", "A line")
ALT = Text("由左下到右上", "It rises from left to right")


def test_say_displays_one_output_a_language(outputs):
    cells.say(zh="準確率 **0.5**", en="accuracy **0.5**")
    assert [metadata for _, metadata in outputs] == [{"lang": "zh"}, {"lang": "en"}]
    assert [data["text/markdown"] for data, _ in outputs] == ["準確率 **0.5**", "accuracy **0.5**"]


@pytest.mark.parametrize(("zh", "en", "missing"), [("", "words", "zh"), ("文字", "  ", "en")])
def test_say_refuses_an_empty_language(outputs, zh, en, missing):
    with pytest.raises(InputError, match=f"none in {missing}"):
        cells.say(zh=zh, en=en)
    assert outputs == []


def test_show_displays_a_png_with_caption_and_alt_text_and_closes_the_figure(outputs, figure):
    cells.show(figure, caption=CAPTION, alt=ALT)
    ((data, metadata),) = outputs
    assert metadata["fer_nb"]["figure"] == {
        "caption": {"zh": "一條線", "en": "A line"},
        "alt": {"zh": "由左下到右上", "en": "It rises from left to right"},
    }
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.size == (4 * cells.DOTS_PER_INCH, 3 * cells.DOTS_PER_INCH)
    assert metadata["image/png"] == {"width": 4 * 96}
    assert not plt.fignum_exists(figure.number)


@pytest.mark.parametrize(
    "named", [{"caption": Text("", "A line"), "alt": ALT}, {"caption": CAPTION, "alt": Text("有", " ")}]
)
def test_show_refuses_a_figure_without_words(outputs, figure, named):
    with pytest.raises(InputError, match="expected words in zh and en"):
        cells.show(figure, **named)
    assert outputs == []


def test_show_refuses_a_caption_in_one_language(outputs, figure):
    with pytest.raises(InputError, match=r"alt text: expected Text\(zh, en\), found str"):
        cells.show(figure, caption=CAPTION, alt="a line")


def test_a_png_with_few_colours_is_kept_exactly_and_small(figure):
    exact = io.BytesIO()
    figure.savefig(exact, format="png", dpi=cells.DOTS_PER_INCH, facecolor="white")
    small = cells.small_png(figure)
    assert len(small) < len(exact.getvalue())
    difference = np.asarray(Image.open(exact).convert("RGB"), int) - np.asarray(
        Image.open(io.BytesIO(small)).convert("RGB"), int
    )
    assert abs(difference).max() <= cells.COLOUR_TOLERANCE


def test_a_png_in_greys_keeps_black_and_white_and_is_hardly_changed():
    figure = plt.figure(figsize=(2, 1.25))
    figure.figimage(np.tile(np.arange(256, dtype=np.uint8), (160, 1)), cmap="gray", vmin=0, vmax=255)
    image = Image.open(io.BytesIO(cells.small_png(figure)))
    plt.close(figure)
    assert image.mode == "L"
    row = np.asarray(image, int)[0]
    assert (row.min(), row.max(), len(set(row))) == (0, 255, cells.GREYS)
    assert abs(row - np.arange(256)).max() <= 2


def test_a_png_whose_colours_no_palette_holds_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(cells, "COLOUR_TOLERANCE", 8)
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    figure = plt.figure(figsize=(2, 2))
    figure.figimage(noise)
    image = Image.open(io.BytesIO(cells.small_png(figure)))
    plt.close(figure)
    assert image.mode == "RGB"


def test_show_table_keeps_numbers_and_texts_apart_from_their_print(outputs):
    frame = pd.DataFrame(
        {
            Text("層", "layer"): [Text("卷積", "convolution"), "dense"],
            "n": [1703047, 7],
            "x": [0.5, float("nan")],
        }
    )
    cells.show_table(frame, caption=CAPTION)
    ((data, metadata),) = outputs
    assert data[TABLE_TYPE] == {
        "columns": [{"zh": "層", "en": "layer"}, {"zh": "n", "en": "n"}, {"zh": "x", "en": "x"}],
        "rows": [[{"zh": "卷積", "en": "convolution"}, 1703047, 0.5], ["dense", 7, None]],
        "align": ["left", "right", "right"],
    }
    assert metadata == {"fer_nb": {"table": {"caption": {"zh": "一條線", "en": "A line"}}}}
    page = data["text/html"]
    assert '<th scope="col" style="text-align:left">層 layer</th>' in page
    assert '<th scope="row" style="text-align:left">dense</th>' in page
    assert '<td style="text-align:right">1,703,047</td>' in page
    assert '<td style="text-align:right">—</td>' in page


def test_show_table_escapes_what_it_prints(outputs):
    cells.show_table(pd.DataFrame({"<b>": ["<script>x</script>"]}), caption=Text("<i>", "&"))
    page = outputs[0][0]["text/html"]
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    ("column", "side"),
    [(["51.6%", "−3"], "right"), (["1,024", None], "right"), (["3x3", "5"], "left"), ([None, None], "left")],
)
def test_numbers_stand_at_the_right_also_as_text(outputs, column, side):
    cells.show_table(pd.DataFrame({"name": ["a", "b"], "value": column}), caption=CAPTION)
    assert outputs[0][0][TABLE_TYPE]["align"] == ["left", side]


def test_record_hands_on_nested_numbers_as_json_has_them(outputs):
    cells.record(
        models={"compact_cnn": {"accuracy": np.float32(0.5), "n": np.int64(8)}}, counts=np.array([1, 2])
    )
    assert outputs[0][0][RECORD_TYPE] == {
        "models": {"compact_cnn": {"accuracy": 0.5, "n": 8}},
        "counts": [1, 2],
    }


def test_a_recorded_environment_tells_the_versions_of_the_kernel(outputs):
    cells.record(environment={"device": "2 CPU cores"})
    told = outputs[0][0][RECORD_TYPE]["environment"]
    assert told["device"] == "2 CPU cores"
    assert told["packages"]["numpy"] == np.__version__


def test_record_keeps_both_languages_of_an_answer(outputs):
    cells.record(answer=Text("會", "yes"))
    assert outputs[0][0][RECORD_TYPE] == {"answer": {"zh": "會", "en": "yes"}}


@pytest.mark.parametrize("value", [float("nan"), np.inf, np.array([1.0, np.nan])])
def test_record_refuses_what_is_no_number_and_names_it(outputs, value):
    with pytest.raises(InputError, match=r"models\.a(\[1\])?: expected a finite number"):
        cells.record(models={"a": value})
    assert outputs == []


def test_record_refuses_an_object(outputs):
    with pytest.raises(InputError, match="when: expected numbers"):
        cells.record(when=object())


@pytest.mark.parametrize(
    ("cell", "printed"),
    [(None, "—"), (True, "✓"), (1703047, "1,703,047"), (0.51612, "0.5161"), (12345.6, "12,346"), ("x", "x")],
)
def test_a_cell_is_printed_as_a_reader_expects(cell, printed):
    assert cells.shown(cell) == printed
