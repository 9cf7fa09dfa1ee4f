"""What a notebook cell leaves behind, read back as the report reads it."""

import base64
import io
import json
from types import SimpleNamespace

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


def test_show_displays_a_drawing_and_a_png_with_caption_and_alt_text_and_closes_the_figure(outputs, figure):
    cells.show(figure, caption=CAPTION, alt=ALT)
    (data, metadata), (caption, lab) = outputs
    assert metadata["fer_nb"]["figure"] == {
        "caption": {"zh": "一條線", "en": "A line"},
        "alt": {"zh": "由左下到右上", "en": "It rises from left to right"},
        "width": 4 * 96, "height": 3 * 96,
    }  # fmt: skip
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.size == (4 * cells.DOTS_PER_INCH, 3 * cells.DOTS_PER_INCH)
    assert metadata["image/png"] == {"width": 4 * 96, "alt": "由左下到右上 It rises from left to right"}
    assert data["image/svg+xml"].rstrip().endswith("</svg>")
    assert "A line" in caption["text/html"]
    assert lab == {"fer_nb": {"lab": True}}
    assert not plt.fignum_exists(figure.number)


def test_a_drawing_is_the_same_each_time_and_keeps_the_pixels_of_a_face():
    face = np.arange(48 * 48, dtype=np.uint8).reshape(48, 48)

    def drawn():
        figure, ax = plt.subplots(figsize=(2, 2))
        ax.imshow(face, cmap="gray", vmin=0, vmax=255)
        ax.set_title("face")
        drawing = cells.svg(figure)
        plt.close(figure)
        return drawing

    drawing = drawn()
    assert drawing == drawn()
    assert "<text" not in drawing  # outlines: no font is needed to see it
    image = Image.open(io.BytesIO(base64.b64decode(cells.EMBEDDED.search(drawing)[2])))
    assert (image.mode, image.size) == ("L", (48, 48))
    assert abs(np.sort(np.asarray(image, int).ravel()) - np.sort(face.ravel())).max() <= 1


def test_a_figure_of_very_many_marks_is_a_picture_alone(outputs, figure, monkeypatch):
    monkeypatch.setattr(cells, "LARGEST_DRAWING", 1000)
    cells.show(figure, caption=CAPTION, alt=ALT)
    assert "image/svg+xml" not in outputs[0][0]


def test_an_answer_is_readable_in_jupyterlab_and_its_references_are_words_there(monkeypatch):
    filled = []
    handle = SimpleNamespace(update=lambda data, *, raw, metadata: filled.append((data, metadata)))
    monkeypatch.setattr(cells, "display", lambda *_, **__: handle)
    text = Text("見[圖](#01-02)，$x$。", "See [it](#01-02), $x$.")
    cells.AnswerBox().fill(finding=text, reason=text, limit=text, see="01-02")
    ((data, metadata),) = filled
    assert "**見圖，$x$。**" in data["text/markdown"]
    assert metadata["fer_nb"]["answer"]["front"] == text.by_language()
    assert data[cells.ANSWER_TYPE]["see"] == "01-02"


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


@pytest.mark.parametrize(
    ("name", "value"),
    [("answer", "yes"), ("data", 5), ("claims", "x"), ("claims", ["x"]), ("claims", [{"report": "D"}])],
)
def test_record_refuses_what_the_report_could_not_read_under_a_name_of_its_own(outputs, name, value):
    with pytest.raises(InputError, match=f"^{name}: expected .*, found "):
        cells.record(**{name: value})
    assert outputs == []


def test_record_keeps_both_languages_of_a_text(outputs):
    cells.record(verdict=Text("會", "yes"))
    assert outputs[0][0][RECORD_TYPE] == {"verdict": {"zh": "會", "en": "yes"}}


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
