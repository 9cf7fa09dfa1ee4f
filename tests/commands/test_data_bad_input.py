"""Bad data gets one line that names file, row, expected and found; exit status 2; nothing is written."""

import io
import re
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

USAGE = "Training"


def greys(count=2304, *, first="7"):
    return " ".join([first] + ["7"] * (count - 1))


GREYS = greys()


def png(*, size=(48, 48), mode="L", color=9):
    buffer = io.BytesIO()
    Image.new(mode, size, color).save(buffer, "PNG")
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def arrays(**change):
    columns = {
        "images": np.zeros((2, 48, 48), np.uint8),
        "labels": np.zeros(2, np.int8),
        "usage": np.zeros(2, np.uint8),
        "ids": np.arange(2),
    }
    return npz(**{name: array for name, array in (columns | change).items() if array is not None})


def table(**change):
    columns = {"emotion": [0, 1], "usage": [USAGE] * 2, "image": [png(), png()]}
    buffer = io.BytesIO()
    pq.write_table(
        pa.table({name: column for name, column in (columns | change).items() if column is not None}), buffer
    )
    return buffer.getvalue()


def kaggle(*rows):
    return "\n".join(["emotion,pixels,Usage", f"0,{GREYS},Training", *rows]).encode()


def course(*rows):
    return "\n".join(["label,feature", f"0,{GREYS}", *rows, ""]).encode()


def unlabelled(*rows):
    return "\n".join(["id,feature", f"0,{GREYS}", *rows, ""]).encode()


FILES = {
    "empty file": (b"", "expected FER2013, found an empty file"),
    "unknown header": (b"a,b\n1,2\n", "line 1: expected the header label,feature or .*found 'a,b'"),
    "answers, not images": (b"id,label\n0,3\n", "line 1: expected the header .*found 'id,label'"),
    "web page": (b"<!DOCTYPE html>\n<html>", "line 1: .*found '<!doctype html>'"),
    "binary junk": (bytes(range(256)) * 9, "line 1: expected the header"),
    "null bytes": (bytes(5000), "line 1: expected the header"),
    "UTF-16": ("label,feature\n".encode("utf-16"), "found text in UTF-16: save it as UTF-8"),
    "gzip": (b"\x1f\x8b\x08\x00", "found a gzip archive: unpack it first"),
    "one image": (png(), "found a single image"),
    "header only": (b"label,feature\n", "line 2: expected a row after the header, found none"),
    "2,303 values": (course(f"1,{greys(2303)}"), "line 3: expected 2304 grey levels, found 2303"),
    "2,305 values": (course(f"1,{greys(2305)}"), "line 3: expected 2304 grey levels, found 2305"),
    "rows that lend a value": (
        course(f"1,{greys(2303)}", f"1,{greys(2305)}"),
        "line 3: expected 2304 grey levels, found 2303",
    ),
    "no values": (course("1,"), "line 3: expected 2304 grey levels, found 0"),
    "value 256": (course(f"1,{greys(first='256')}"), "line 3: value 1: .* 0 to 255, found '256'"),
    "value -1": (course(f"1,{greys(first='-1')}"), "line 3: value 1: .* 0 to 255, found '-1'"),
    "value 1.5": (course(f"1,{greys(first='1.5')}"), "line 3: value 1: .* 0 to 255, found '1.5'"),
    "value +1": (course(f"1,{greys(first='+1')}"), r"line 3: value 1: .* 0 to 255, found '\+1'"),
    "a word": (course(f"1,{greys(first='grey')}"), "line 3: value 1: .* 0 to 255, found 'grey'"),
    "an endless number": (course(f"1,{greys(first='9' * 99)}"), r"line 3: value 1: .*found '9{40}'\.\.\."),
    "not UTF-8": (course(f"1,{greys(first='x')}").replace(b"x", b"\xff"), "line 3: value 1: .*found '�'"),
    "null byte in a row": (course(f"1,{greys(first='x')}").replace(b"x", b"\0"), r"line 3: .*found '\\x00'"),
    "label 7": (course(f"7,{GREYS}"), "line 3: expected label 0 to 6, found '7'"),
    "label -1": (course(f"-1,{GREYS}"), "line 3: expected label 0 to 6, found '-1'"),
    "label 1.0": (course(f"1.0,{GREYS}"), "line 3: expected label 0 to 6, found '1.0'"),
    "empty label": (course(f",{GREYS}"), "line 3: expected label 0 to 6, found nothing"),
    "first of two bad rows": (course(f"1,{greys(9)}", f"7,{GREYS}"), "line 3: .*found 9"),
    "bad row after a blank line": (course("", f"7,{GREYS}"), "line 4: expected label"),
    "unknown usage": (
        kaggle(f"1,{GREYS},Test"),
        "line 3: expected usage Training, PublicTest, PrivateTest, found 'Test'",
    ),
    "empty usage": (kaggle(f"1,{GREYS},"), "line 3: expected usage .*found nothing"),
    "last row cut off in the pixels": (kaggle(f"1,{greys(1200)}"), "line 3: expected 3 columns, found 2"),
    "last row cut off in the label": (kaggle("1"), "line 3: expected 3 columns, found 1"),
    "last row cut off": (course()[:-9], "line 2: expected 2304 grey levels, found 2300"),
    "a column too many": (kaggle(f"1,{GREYS},Training,9"), "line 3: expected 3 columns, found 4"),
    "bad row far down": (course(*[f"1,{GREYS}"] * 1200, f"1,{greys(3)}"), "line 1203: .*found 3"),
    "repeated id": (unlabelled(f"1,{GREYS}", f"0,{GREYS}"), "line 4: .*found 0 again .first in line 2."),
    "id that is none": (unlabelled(f"one,{GREYS}"), "line 3: expected an id, .* found 'one'"),
    "Parquet cut off": (table()[:-20], "expected Parquet, found a damaged file"),
    "Parquet without image": (
        table(image=None),
        "expected the columns emotion or label, and image, found emo",
    ),
    "Parquet without label": (table(emotion=None), "expected the columns emotion or label, and image"),
    "Parquet with words for labels": (
        table(emotion=["angry", "sad"]),
        "column emotion: expected whole numbers",
    ),
    "Parquet with words for images": (table(image=["1 2", "3"]), "column image: expected encoded images"),
    "Parquet with label 7": (table(emotion=[0, 7]), "row 2: expected label 0 to 6, found 7"),
    "Parquet with no label": (table(emotion=[0, None]), "row 2: expected label 0 to 6, found nothing"),
    "Parquet with unknown usage": (table(usage=[USAGE, "Test"]), "row 2: expected usage .*found 'Test'"),
    "Parquet with a broken image": (table(image=[png(), b"junk"]), "row 2: expected an image, found 4 bytes"),
    "Parquet with no image": (table(image=[png(), None]), "row 2: expected an image, found an empty one"),
    "Parquet with a large image": (table(image=[png(), png(size=(50, 48))]), "row 2: .*48x48.*found 50x48"),
    "npz cut off": (arrays()[:-40], "expected a packed .npz, found a damaged one"),
    "npz with a flipped bit": (arrays().replace(b"\0" * 99, b"\0" * 98 + b"\1", 1), "array images: .*damage"),
    "npz without ids": (arrays(ids=None), "expected the arrays images, labels, usage, ids, found images"),
    "npz of another project": (npz(x_train=np.zeros(3)), "expected the arrays .*found x_train"),
    "npz of pickled objects": (
        arrays(labels=np.array([0, None], object)),
        "array labels: expected plain numbers, found pickled objects, which are never loaded",
    ),
    "npz of floats": (arrays(images=np.zeros((2, 48, 48))), "expected images of .*found .* type float64"),
    "npz of large images": (arrays(images=np.zeros((2, 64, 64), np.uint8)), r"found shape \(2, 64, 64\)"),
    "npz of one label": (arrays(labels=np.zeros(1, np.int8)), r"expected labels of shape \(2,\)"),
    "npz with label 7": (arrays(labels=np.array([0, 7], np.int8)), "row 1 of labels: .*found 7"),
    "npz of a number": (arrays(images=np.array(5, np.uint8)), r"found shape \(\)"),
    "npz of no rows": (
        arrays(
            images=np.zeros((0, 48, 48), np.uint8),
            labels=np.zeros(0, np.int8),
            usage=np.zeros(0, np.uint8),
            ids=np.arange(0),
        ),
        "expected faces, found none",
    ),
}


def refused(result, words, tmp_path, before):
    """Assert one line that says `words`, status 2, and no new file."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    line, *rest = result.stderr.splitlines()
    assert not rest
    assert line.startswith("error: ")
    assert re.search(words, line), line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", [["info"], ["audit"], ["pack", "--out", "out.npz"]], ids=lambda c: c[0])
@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES)
def test_a_bad_file_is_refused(command, content, words, run, tmp_path):
    (tmp_path / "bad.dat").write_bytes(content)
    refused(run("data", *command, "bad.dat"), f"bad.dat: .*{words}", tmp_path, [tmp_path / "bad.dat"])


def folder(tmp_path, **files):
    """Write files, keys being paths with __ for /, and return all that is there."""
    for name, content in files.items():
        path = tmp_path / "data" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(tmp_path.rglob("*"))


FOLDERS = {
    "nothing known": ({"notes": b"x", "more": b"y"}, "data: expected train.csv .*found none of them"),
    "two known files": ({"a": kaggle(), "b": kaggle()}, "data: expected train.csv .*one file.*found a and b"),
    "one bad file": ({"fer2013.csv": b"junk"}, "fer2013.csv: line 1: expected the header"),
    "empty train.csv": ({"train.csv": b"", "test.csv": unlabelled()}, "train.csv: .*found an empty file"),
    "bad row in test.csv": (
        {"train.csv": course(), "test.csv": unlabelled(f"1,{greys(2303)}")},
        "test.csv: line 3: expected 2304 grey levels, found 2303",
    ),
    "test.csv in place of train.csv": (
        {"train.csv": unlabelled(), "test.csv": unlabelled()},
        "train.csv: line 1: expected a column of labels, found id,feature",
    ),
    "unknown class": (
        {"train__happy__1.png": png(), "train__hapy__2.png": png()},
        "data/train/hapy/2.png: unknown class folder 'hapy': did you mean 'happy'",
    ),
    "contempt": ({"train__contempt__1.png": png()}, "unknown class folder 'contempt': expected one of angry"),
    "images without class": ({"train__1.png": png()}, "data/train/1.png: unknown class folder 'train'"),
    "small image": ({"train__sad__1.png": png(size=(32, 32))}, "1.png: .*48x48 pixels, found 32x32"),
    "coloured image": (
        {"train__sad__1.png": png(mode="RGB", color=(1, 2, 3))},
        "1.png: expected a grey image, found one of colour mode RGB",
    ),
    "16-bit image": ({"train__sad__1.png": png(mode="I;16")}, "1.png: expected a grey image, .*mode I;16"),
    "broken image": ({"train__sad__1.png": png()[:60]}, "1.png: expected an image, found 60 bytes"),
    "text as image": ({"train__sad__1.jpg": b"hello"}, "1.jpg: expected an image, found 5 bytes"),
    "empty image": ({"train__sad__1.jpg": b""}, "1.jpg: expected an image, found an empty one"),
    "missing shard": (
        {"train-00000-of-00002.parquet": table(usage=None)},
        "expected 2 files train-.*found 1",
    ),
    "bad shard": ({"train-00000-of-00001.parquet": b"PAR1junk"}, "of-00001.parquet: expected Parquet"),
    "shard of text": ({"train-00000-of-00001.parquet": b"junk"}, "of-00001.parquet: line 1: expected"),
    "Parquet without a row": (
        {
            "train.parquet": table(
                usage=None, emotion=pa.array([], pa.int8()), image=pa.array([], pa.binary())
            )
        },
        "expected faces, found Parquet without a row",
    ),
}


@pytest.mark.parametrize(("files", "words"), FOLDERS.values(), ids=FOLDERS)
def test_a_bad_folder_is_refused(files, words, run, tmp_path):
    before = folder(tmp_path, **files)
    refused(run("data", "info", "data"), words, tmp_path, before)


def test_an_empty_folder_is_refused(run, tmp_path):
    (tmp_path / "data" / "train").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    refused(run("data", "info", "data"), "data: expected FER2013, found an empty folder", tmp_path, before)


def test_a_folder_in_place_of_a_file_is_refused(run, tmp_path):
    (tmp_path / "data" / "train.csv").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    refused(run("data", "info", "data/train.csv"), "data/train.csv: .*empty folder", tmp_path, before)


def test_a_missing_file_is_refused(run, tmp_path):
    refused(run("data", "info", "none.csv"), "none.csv: expected .*found nothing there", tmp_path, [])


def test_a_device_is_refused(run, tmp_path):
    refused(run("data", "info", "/dev/null"), "/dev/null: .*found a device", tmp_path, [])


def test_a_file_that_cannot_be_opened_is_refused(run, tmp_path, monkeypatch):
    (tmp_path / "bad.csv").write_bytes(course())

    def closed(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.open", closed)
    words = "bad.csv: expected a file that can be read, found Permission denied"
    refused(run("data", "info", "bad.csv"), words, tmp_path, [tmp_path / "bad.csv"])


def test_a_zip_archive_is_to_be_unpacked(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("fer2013.csv", kaggle())
    words = "archive.zip: .*found a zip archive: unpack it first"
    refused(run("data", "info", "archive.zip"), words, tmp_path, [tmp_path / "archive.zip"])


class _Trap:
    """Unpickling this writes a file."""

    def __reduce__(self):
        return (open, ("sprung", "w"))


def test_a_pickled_object_is_never_loaded(run, tmp_path):
    trap = np.empty(1, object)
    trap[0] = _Trap()
    (tmp_path / "trap.npz").write_bytes(arrays(images=trap))
    refused(run("data", "info", "trap.npz"), "never loaded", tmp_path, [tmp_path / "trap.npz"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dta"], "No such command 'dta'"),
        (["data", "inf", "x"], "No such command 'inf'"),
        (["data", "info"], "Missing argument 'PATH'"),
        (["data", "info", "x", "--jsn"], "No such option '--jsn'"),
        (["data", "faces", "--count", "0", "--out", "x.npz"], "'--count': 0 is not in the range"),
        (["data", "faces", "--seed", "-1", "--out", "x.npz"], "'--seed': -1 is not in the range"),
        (["--nothing"], "No such option '--nothing'"),
    ],
)
def test_wrong_usage_is_one_line_too(arguments, words, run, tmp_path):
    refused(run(*arguments), words, tmp_path, [])
