"""Data made to hurt: refused in one line, at once, with no program started and nothing left behind."""

import io
import json
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageOps

from fer_nb.data.faces import MOST
from fer_nb.data.formats import read_faces

GREYS = " ".join(["7"] * 2304)


def png(image=None, **options):
    buffer = io.BytesIO()
    shown = Image.new("L", (48, 48), 9) if image is None else image
    shown.save(buffer, "PNG", **options)
    return buffer.getvalue()


def refused(result, *words):
    assert result.exit_code == 2, (result.output, result.exception)
    line, *rest = result.stderr.splitlines()
    assert not rest
    assert len(line) <= 300
    assert line.isprintable()
    for word in words:
        assert word in line


@pytest.mark.parametrize("place", ["data.csv", "data/train/happy/1.png", "data/train.csv", "data/test.csv"])
def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(place, run, tmp_path):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    if path.name == "test.csv":
        (path.parent / "train.csv").write_text(f"label,feature\n1,{GREYS}\n")
    refused(run("data", "info", place.split("/", maxsplit=1)[0]), f"{place}: expected a file, found a device")


def test_a_link_to_an_endless_device_is_refused(run, tmp_path):
    folder = tmp_path / "data" / "happy"
    folder.mkdir(parents=True)
    (folder / "1.png").symlink_to("/dev/zero")
    refused(run("data", "info", "data"), "1.png: expected a file, found a device")


def test_links_in_a_circle_are_refused_and_a_link_to_a_class_folder_is_read(run, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "1.png").write_bytes(png())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "happy").symlink_to(tmp_path / "store")
    assert json.loads(run("data", "info", "data", "--json").stdout)["counts"]["Training"] == 1
    (tmp_path / "store" / "again").symlink_to(tmp_path / "data")
    refused(run("data", "info", "data"), "expected a folder of its own, found a link to data, which is read")


def test_a_class_folder_that_cannot_be_read_is_not_left_out(run, tmp_path, monkeypatch):
    for name in ("happy", "sad"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "1.png").write_bytes(png())
    scan = os.scandir

    def closed(path):
        if str(path).endswith("sad"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", closed)
    refused(
        run("data", "info", "data"), "data/sad: expected a file that can be read, found Permission denied"
    )


def test_names_that_are_no_utf_8_are_read(run, tmp_path):
    folder = os.fsencode(tmp_path) + "/臉".encode("big5")
    image = Path(os.fsdecode(folder + b"/happy/" + "笑".encode("big5") + b".png"))
    image.parent.mkdir(parents=True)
    image.write_bytes(png())
    assert len(read_faces(image.parents[1], cache=tmp_path / "cache")) == 1
    assert run("data", "info", os.fsdecode(folder)).exit_code == 0


def test_control_characters_of_a_name_do_not_reach_the_terminal(run, tmp_path):
    (tmp_path / "a\x1b[31m\x07\u202e.csv").write_text("x")
    refused(run("data", "info", "a\x1b[31m\x07\u202e.csv"), r"a\x1b[31m\x07\u202e.csv: line 1")


def test_postscript_under_the_name_of_an_image_starts_no_program(run, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "gs"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    (tmp_path / "data" / "happy").mkdir(parents=True)
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 48 48\n%%EndComments\nshowpage\n%%EOF\n"
    (tmp_path / "data" / "happy" / "a.png").write_bytes(eps)
    refused(run("data", "info", "data"), "a.png: expected an image, found")
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animated_image_is_no_face(kind, run, tmp_path):
    (tmp_path / "data" / "happy").mkdir(parents=True)
    frames = [Image.new("L", (48, 48), grey) for grey in (9, 200)]
    path = tmp_path / "data" / "happy" / "a.png"
    frames[0].save(path, kind, save_all=True, append_images=frames[1:])
    refused(run("data", "info", "data"), "a.png: expected a single image, found an animated one")


def test_a_photograph_stands_upright_as_its_exif_data_tell(tmp_path):
    image = Image.fromarray(np.arange(2304, dtype=np.uint8).reshape(48, 48))
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / "a.png").write_bytes(png(image, exif=exif))
    shown = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / "happy" / "a.png")))
    assert not np.array_equal(shown, image)
    assert np.array_equal(read_faces(tmp_path).images[0], shown)


def arrays(**change):
    columns = {
        "images": np.zeros((2, 48, 48), np.uint8), "labels": np.zeros(2, np.int8),
        "usage": np.zeros(2, np.uint8), "ids": np.arange(2),
    }  # fmt: skip
    buffers = {name: io.BytesIO() for name in columns}
    for name, buffer in buffers.items():
        np.save(buffer, (columns | change)[name])
    return {f"{name}.npy": buffer.getvalue() for name, buffer in buffers.items()}


def archive(members, *, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def header(text):
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text


def flagged(content, *, encrypted=False, method=None):
    """Set the flag of encryption or another compression method in every header of an archive."""
    data = bytearray(content)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(magic)
        while place >= 0:
            data[place + flags] |= int(encrypted)
            if method is not None:
                data[place + flags + 2] = method
            place = data.find(magic, place + 4)
    return bytes(data)


ARCHIVES = {
    "behind something else": (b"PK" + archive(arrays()), "line 1: expected the header"),
    "encrypted": (flagged(archive(arrays()), encrypted=True), "array images: expected an array"),
    "unknown compression": (flagged(archive(arrays()), method=97), "array images: expected an array"),
    "damaged LZMA": (
        archive(arrays(), compression=zipfile.ZIP_LZMA).replace(b"\x05\x00\x5d", b"\x05\x00\xff", 1),
        "array images: expected an array, found damage",
    ),
    "a header of brackets": (
        archive(arrays() | {"labels.npy": header(b"(" * 5000 + b"\n")}),
        "array labels: expected an array, found damage",
    ),
    "a header that is code": (
        archive(arrays() | {"labels.npy": header(b"__import__('os').system('touch sprung')\n")}),
        "array labels: expected an array, found damage",
    ),
    "more than memory holds": (
        archive(
            arrays()
            | {"ids.npy": header(b"{'descr': '<i8', 'fortran_order': False, 'shape': (99999999999999,), }\n")}
        ),
        "array ids: expected an array, found damage",
    ),
    "gigabytes": (
        archive(arrays() | {"ids.npy": bytes(8 * MOST + 70_000)}),
        "array ids: expected at most 4,000,000 bytes, of 500,000 images, found 4,070,000",
    ),
    "training without a label": (
        archive(arrays(labels=np.array([0, -1], np.int8))),
        "row 1 of labels: expected 0 to 6 in a Training row, found -1",
    ),
    "a label where there is none": (
        archive(arrays(usage=np.array([0, 3], np.uint8))),
        "row 1 of labels: expected -1, found 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", [["info"], ["audit"], ["pack", "--out", "out.npz"]], ids=lambda c: c[0])
@pytest.mark.parametrize(("content", "words"), ARCHIVES.values(), ids=ARCHIVES)
def test_a_hostile_archive_is_refused(command, content, words, run, tmp_path):
    (tmp_path / "a.npz").write_bytes(content)
    refused(run("data", *command, "a.npz"), f"a.npz: {words}")
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def table(fields=None, metadata=None, **change):
    columns = {"emotion": [0, 1], "usage": ["Training"] * 2, "image": [png(), png()]} | change
    built = pa.table(list(columns.values()), names=list(fields or columns))
    buffer = io.BytesIO()
    pq.write_table(built.replace_schema_metadata(metadata), buffer)
    return buffer.getvalue()


def named(*names):
    return {"huggingface": json.dumps({"info": {"features": {"emotion": {"names": list(names)}}}})}


TABLES = {
    "usage that is no UTF-8": (
        table(usage=pa.array([b"Training", b"\xff\xfe"]).view(pa.string())), "row 1: expected Parquet, found"
    ),
    "usage of numbers": (table(usage=[0, 0]), "column usage: expected text, found int64"),
    "usage twice": (
        table(("emotion", "usage", "image", "usage"), more=["PublicTest"] * 2),
        "expected one column usage, found 2",
    ),
    "image twice": (
        table(("emotion", "usage", "image", "image"), more=[png()] * 2), "expected one column image, found 2"
    ),
    "a class that does not exist": (table(metadata=named("angry", "hapy")), "unknown class name 'hapy'"),
    "a class twice": (table(metadata=named("sad", "Sadness")), "expected each class once in"),
    "no list of classes": (
        table(metadata={"huggingface": '{"info": {"features": {"emotion": {"names": 7}}}}'}),
        "expected a list of class names in the metadata, found 7",
    ),
    "deep metadata": (table(metadata={"huggingface": "[" * 100_000}), "expected Hugging Face's metadata"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), TABLES.values(), ids=TABLES)
def test_hostile_parquet_is_refused(content, words, run, tmp_path):
    (tmp_path / "a.parquet").write_bytes(content)
    refused(run("data", "info", "a.parquet"), f"a.parquet: {words}")


ROWS = {
    "5,000 digits": (f"label,feature\n1,{'9' * 5000} {GREYS[2:]}\n", "line 2: value 1: expected a"),
    "a line without end": ("label,feature\n1," + "7 " * 2_000_000, "line 2: expected a row of less"),
    "a header with more behind it": ("label,feature" + " " * 300 + ",usage\n", "line 1: expected the header"),
    "a stray quote": (f'label,feature\n"1,{GREYS}\n', "line 2: expected fields quoted as a"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), ROWS.values(), ids=ROWS)
def test_hostile_csv_is_refused(content, words, run, tmp_path):
    (tmp_path / "a.csv").write_text(content)
    refused(run("data", "info", "a.csv"), f"a.csv: {words}")


def test_zeros_before_a_grey_level_are_no_harm(tmp_path):
    (tmp_path / "a.csv").write_text(f"label,feature\n1,{'0' * 5000}7  {GREYS[2:]}\n")
    assert read_faces(tmp_path / "a.csv").images[0, 0, 0] == 7


def test_a_file_changed_with_its_size_and_time_kept_is_read_anew(tmp_path):
    path, cache = tmp_path / "a.csv", tmp_path / "cache"
    path.write_text(f"label,feature\n1,{GREYS}\n")
    before = path.stat()
    read_faces(path, cache=cache)
    path.write_text(f"label,feature\n2,{GREYS}\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_faces(path, cache=cache).labels.tolist() == [2]


def test_an_old_copy_that_cannot_be_removed_costs_nothing(tmp_path, monkeypatch):
    path, cache = tmp_path / "a.csv", tmp_path / "cache"
    path.write_text(f"label,feature\n1,{GREYS}\n")
    read_faces(path, cache=cache)
    path.write_text(f"label,feature\n2,{GREYS}\n3,{GREYS}\n")

    def closed(self, **_):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.unlink", closed)
    assert len(read_faces(path, cache=cache)) == 2


def test_a_name_of_250_bytes_is_written(run, tmp_path):
    name = "a" * 246 + ".npz"
    assert run("data", "faces", "--count", "6", "--out", name).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_a_killed_writer_left_goes_when_the_same_file_is_written_again(run, tmp_path, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", killed)
        patch.setattr("pathlib.Path.unlink", lambda *_, **__: None)
        patch.setattr("os.getpid", lambda: 2**22 + 1)  # above the largest number of a process
        run("data", "faces", "--count", "6", "--out", "a.npz")
    assert len(list(tmp_path.iterdir())) == 1
    run("data", "faces", "--count", "6", "--out", "a.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_what_the_system_refuses_anywhere_in_a_command_is_told_in_one_line(run, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fer_nb.commands.data.recognise", full)
    result = run("data", "info", "a.csv")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: the system: expected files that can be read and written, found No space left on device\n"
    )
