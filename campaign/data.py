"""Cases of data: every shape, changed as people's files are, damaged as disks do; beside a plain reader."""

import csv
import io
import json
import os
import pickle
import stat
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from PIL import Image

from campaign.kit import Kit
from campaign.processes import Command, FaultError

CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
USAGES = ("Training", "PublicTest", "PrivateTest")
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
SHAPES = ("kaggle", "icml", "course", "homework", "npz", "parquet", "shards", "folder")
TOKENS = (
    b"", b"\0", b"-1", b"7", b"1.5", b"256", b'"', b",", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b" ",
    b"9" * 5000, b"Training", b"Test", b"\x1b[31m", "臉".encode(), "臉".encode("big5"), b"<br>", b"nan",
)  # fmt: skip
_LETTERS = st.characters(exclude_characters="/\0", exclude_categories=["Cs"])
NAMES = st.one_of(
    st.sampled_from(
        ["train", "數據", "a b", "😀", "a'b\"c", "a\x1b[31m\n", "x" * 240, "\udcb8\udcf1", "s3:"]
    ),
    st.sampled_from(
        ["practice", "-", "--out", "..a", "a%20b", "~", "$HOME", "*", "a\rb", "\u202egnp", "\ufeffa"]
    ),
    st.text(_LETTERS, min_size=1, max_size=30),
)
_PLACES = st.floats(0, 1)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("cut"), _PLACES, st.just(0), st.just(b"")),
        st.tuples(st.just("put"), _PLACES, st.integers(0, 20), st.sampled_from(TOKENS)),
        st.tuples(st.just("put"), st.floats(0, 0.01), st.integers(0, 3), st.sampled_from(TOKENS)),
        st.tuples(st.just("flip"), _PLACES, st.integers(1, 255), st.just(b"")),
        st.tuples(st.just("again"), _PLACES, st.integers(1, 9000), st.just(b"")),
        st.tuples(st.just("lines"), st.just(0.0), st.just(0), st.just(b"\r\n")),
        st.tuples(st.sampled_from(["utf-16", "bom", "tail"]), st.just(0.0), st.just(0), st.just(b"")),
    ),
    max_size=2,
)
CHANGES = st.one_of(
    st.just(("none", "")),
    st.tuples(st.just("label"), st.sampled_from(["7", "-1", "1.5", "", "a", "3.0", "03", " 3", "9" * 30,
        "nan"])),
    st.tuples(st.just("pixel"), st.sampled_from(["-1", "256", "0.5", "x", "", "9" * 5000, "007", "1e2",
        "٣"])),
    st.tuples(st.just("count"), st.sampled_from(["2303", "2305", "0", "4608", "1"])),
    st.tuples(st.just("usage"), st.sampled_from(["", "Test", "training", " Training", "臉", "unlabelled"])),
    st.tuples(st.just("missing"), st.sampled_from(["emotion", "pixels", "usage"])),
    st.tuples(st.just("double"), st.sampled_from(["emotion", "pixels", "usage"])),
    st.tuples(st.just("rename"), st.sampled_from(["Emotion", "label", "x" * 3000, "", "臉", "pixels ",
        "image"])),
    st.tuples(st.sampled_from(["reorder", "more", "quote", "empty", "blank"]), st.just("")),
)  # fmt: skip
PICTURES = st.sampled_from(
    ["png", "jpeg", "bmp", "gif", "tiff", "webp", "ppm", "16", "cmyk", "rgb", "grey rgb", "palette", "rgba",
     "exif", "animated", "large", "bomb", "one bit", "text", "eps", "svg", "float", "empty", "small"]
)  # fmt: skip
ARCHIVES = st.sampled_from(
    ["pickled", "huge", "lzma", "deflated", "extra", "folders", "doubled", "encrypted", "float", "short",
    "labels"]
)  # fmt: skip
PLACES = st.sampled_from(["fifo", "zero", "circle", "unreadable", "link", "socket", "deep", "hidden", "gone"])
CASES = st.one_of(
    st.tuples(st.just("file"), st.sampled_from(SHAPES), CHANGES, EDITS, NAMES),
    st.tuples(st.just("file"), st.sampled_from(SHAPES), st.just(("none", "")), EDITS, NAMES),
    st.tuples(st.just("picture"), PICTURES, st.sampled_from(["folder", "parquet"]), EDITS, NAMES),
    st.tuples(st.just("archive"), ARCHIVES, st.just(""), EDITS, NAMES),
    st.tuples(st.just("place"), PLACES, st.sampled_from(["file", "folder"]), st.just([]), NAMES),
)


def encoded(image: np.ndarray, kind: str = "png", **options: Any) -> bytes:
    """Return an image as a file of some kind."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return buffer.getvalue()


def content(shape: str, change: tuple[str, str] = ("none", ""), picture: bytes | None = None) -> bytes:
    """Return three faces in a shape that is one file, changed; of "folder", one image."""
    kind, value = change
    columns: dict[str, list[Any]] = {
        "emotion": ["0", "3", "6"],
        "pixels": [" ".join(map(str, image.ravel())) for image in IMAGES],
        "usage": list(USAGES),
    }
    if kind in ("label", "usage"):
        columns["emotion" if kind == "label" else kind][1] = value
    elif kind == "pixel":
        columns["pixels"][1] = columns["pixels"][1].rsplit(" ", 1)[0] + f" {value}"
    elif kind == "count":
        columns["pixels"][1] = " ".join((columns["pixels"][1].split() * 2)[: int(value)])
    elif kind == "empty":
        columns = {name: [] for name in columns}
    if shape in ("parquet", "shards"):
        return _parquet(columns, change, picture)
    if shape == "npz":
        buffer = io.BytesIO()
        np.savez(buffer, **_arrays(columns))
        return buffer.getvalue()
    if shape == "folder":
        return encoded(IMAGES[0]) if picture is None else picture
    return _csv(shape, columns, change)


def _csv(shape: str, columns: dict[str, list[Any]], change: tuple[str, str]) -> bytes:
    kind, value = change
    spelled = {"emotion": "emotion", "pixels": "pixels", "usage": "Usage"}
    order = ["emotion", "usage", "pixels"] if shape == "icml" else ["emotion", "pixels", "usage"]
    if shape in ("course", "homework"):
        spelled, order = {"emotion": "label", "pixels": "feature"}, ["emotion", "pixels"]
    if kind == "missing":
        order = [name for name in order if name != value]
    elif kind == "double" and value in order:
        order.append(value)
    elif kind == "rename":
        spelled["emotion"] = value
    elif kind == "reorder":
        order.reverse()
    quote = '"' if kind == "quote" else ""
    rows = [",".join(spelled[name] for name in order)]
    rows += [
        ",".join(f"{quote}{columns[name][row]}{quote}" for name in order)
        for row in range(len(columns["usage"]))
    ]
    if kind == "more":
        rows[2] += ",1"
    elif kind == "blank":
        rows[2:2] = ["", "   "]
    return "\n".join([*rows, ""]).encode()


def _parquet(columns: dict[str, list[Any]], change: tuple[str, str], picture: bytes | None) -> bytes:
    kind, value = change
    pictures = [encoded(image) for image in IMAGES[: len(columns["usage"])]]
    if picture is not None:
        pictures[1] = picture
    labels: list[Any] = columns["emotion"]
    if all(
        label.lstrip("-").isascii() and label.lstrip("-").isdigit() and len(label) < 18 for label in labels
    ):
        labels = [int(label) for label in labels]
    arrays = {"emotion": pa.array(labels), "usage": pa.array(columns["usage"]), "image": pa.array(pictures)}
    names = [
        name for name in arrays if not (kind == "missing" and value in (name, "pixels" * (name == "image")))
    ]
    names += [value] * (kind == "double" and value in arrays)
    if kind == "reorder":
        names.reverse()
    spelled = [value if kind == "rename" and name == "emotion" else name for name in names]
    buffer = io.BytesIO()
    pq.write_table(pa.table([arrays[name] for name in names], names=spelled), buffer)
    return buffer.getvalue()


def _arrays(columns: dict[str, list[Any]]) -> dict[str, np.ndarray]:
    labels = columns["emotion"]
    try:
        numbers = np.array([float(label) for label in labels])
        whole = np.isin(numbers, range(-128, 128)).all()
    except ValueError:
        numbers, whole = np.array(labels), False
    count = len(labels)
    return {
        "images": IMAGES[:count],
        "labels": numbers.astype(np.int8) if whole else numbers,
        "usage": np.arange(count, dtype=np.uint8),
        "ids": np.zeros(count, np.int64),
    }


def picture_of(kind: str) -> bytes:
    """Return a picture as cameras, programs and pranksters make them."""
    image = IMAGES[1]
    colour = np.stack([image, image.T, image[::-1]], axis=-1)
    simple: dict[str, Callable[[], bytes]] = {
        "16": lambda: encoded(image.astype(np.uint16) * 257),
        "cmyk": lambda: encoded_image(Image.fromarray(colour).convert("CMYK"), "jpeg"),
        "rgb": lambda: encoded(colour),
        "grey rgb": lambda: encoded(np.stack([image] * 3, axis=-1)),
        "palette": lambda: encoded_image(Image.fromarray(image).convert("P"), "gif"),
        "rgba": lambda: encoded_image(Image.fromarray(image).convert("RGBA"), "png"),
        "one bit": lambda: encoded_image(Image.fromarray(image).convert("1"), "png"),
        "float": lambda: encoded_image(Image.fromarray(image.astype(np.float32)), "tiff"),
        "large": lambda: encoded(np.tile(image, (4, 4))),
        "small": lambda: encoded(image[:47]),
        "bomb": lambda: encoded(np.zeros((20_000, 20_000), np.uint8), compress_level=1),
        "text": lambda: b"not an image",
        "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 48 48\n%%EndComments\nshowpage\n",
        "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='48' height='48'/>",
        "empty": lambda: b"",
    }
    if kind in simple:
        return simple[kind]()
    if kind == "exif":
        exif = Image.Exif()
        exif[0x0112] = 6
        return encoded(image, "png", exif=exif)
    if kind == "animated":
        more = [Image.fromarray(other) for other in IMAGES[1:]]
        return encoded(image, "png", save_all=True, append_images=more)
    return encoded(image, kind)


def encoded_image(image: Image.Image, kind: str) -> bytes:
    """Return a Pillow image as a file of some kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


class _Prank:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch pickled-code-has-run",)


def archive_of(kind: str) -> bytes:
    """Return a packed file as only an archive can be wrong."""
    arrays = _arrays({"emotion": ["0", "3", "6"], "usage": list(USAGES)})
    if kind == "pickled":
        arrays["labels"] = np.array([_Prank(), 1, 2], object)
    elif kind == "extra":
        arrays["source"] = np.array("practice faces")
    elif kind == "float":
        arrays["images"] = arrays["images"].astype(float)
    elif kind == "short":
        arrays["ids"] = arrays["ids"][:2]
    elif kind == "labels":
        arrays["labels"][0] = -1
    buffer = io.BytesIO()
    (np.savez_compressed if kind == "deflated" else np.savez)(buffer, **arrays)
    if kind in ("lzma", "folders", "doubled", "huge"):
        stored = zipfile.ZipFile(buffer)
        members = {name: stored.read(name) for name in stored.namelist()}
        buffer = io.BytesIO()
        method = zipfile.ZIP_LZMA if kind == "lzma" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in members.items():
                if kind == "huge" and name == "images.npy":
                    header = data[:10] + data[10:128].replace(b"(3, 48, 48)", b"(900000, 48, 48)")
                    with archive.open(name, "w", force_zip64=True) as member:
                        member.write(header)
                        for _ in range(40):
                            member.write(bytes(10_000_000))
                    continue
                archive.writestr(f"a/{name}" if kind == "folders" else name, data)
            if kind == "doubled":
                archive.writestr("images2.npy", members["images.npy"])
    data = buffer.getvalue()
    if kind == "encrypted":
        data = data.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
        data = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    return data


def edited(data: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    """Return content as the edits leave it."""
    for kind, share, number, token in edits:
        place = int(share * len(data))
        if kind == "cut":
            data = data[:place]
        elif kind == "put":
            data = data[:place] + token + data[place + number :]
        elif kind == "flip" and place < len(data):
            data = data[:place] + bytes([data[place] ^ number]) + data[place + 1 :]
        elif kind == "again":
            data = data[:place] + data[place : place + number] * 2 + data[place + number :]
        elif kind == "lines":
            data = data.replace(b"\n", token)
        elif kind == "utf-16":
            data = data.decode("latin-1").encode("utf-16")
        elif kind == "bom":
            data = b"\xef\xbb\xbf" + data
        elif kind == "tail":
            data = data.rstrip(b"\n")
    return data


def plain(path: Path) -> Counter[tuple[int, bytes]]:
    """Read faces in the plainest way: label and pixels, as often as they come."""
    if path.is_dir() and not (path / "train.csv").exists():
        files = [file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")]
        if files[0].suffix == ".parquet":
            return sum((plain(file) for file in files), Counter())
        return Counter((CLASSES.index(file.parent.name), _pixels(file.read_bytes())) for file in files)
    data = (path / "train.csv" if path.is_dir() else path).read_bytes()
    if data.startswith(b"PK"):
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            pairs = zip(stored["labels"], stored["images"], strict=True)
            return Counter((int(label), image.tobytes()) for label, image in pairs)
    if data.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(data))
        (labels,) = {"emotion", "label"} & set(table.column_names)
        pairs = zip(table[labels].to_pylist(), table["image"].to_pylist(), strict=True)
        return Counter((int(label), _pixels(picture)) for label, picture in pairs)
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), skipinitialspace=True)
    names = [name.strip().lower() for name in header]
    labels = [place for place, name in enumerate(names) if name in ("emotion", "label")]
    pixels = next(place for place, name in enumerate(names) if name in ("pixels", "feature"))
    found: Counter[tuple[int, bytes]] = Counter()
    for row in rows:
        if any(field.strip() for field in row):
            grey = np.array([int(value) for value in row[pixels].split()])
            label = int(row[labels[0]]) if labels else -1
            assert len(row) == len(names) and grey.shape == (2304,) and grey.min() >= 0 and grey.max() <= 255
            assert label in range(7) or not labels
            found[label, grey.astype(np.uint8).tobytes()] += 1
    assert found
    return found


def _pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        colour = np.asarray(image.convert("RGB"))
        assert (colour == colour[..., :1]).all() and image.size == (48, 48) and image.mode not in ("1", "F")
        turned = {6: -1}.get(image.getexif().get(0x0112, 1), 0)
        return np.rot90(colour[..., 0], turned).tobytes()


def check(case: Any, folder: Path, kit: Kit) -> str:
    """Pack the faces of a case; return how it ended, "right" or "refused".

    Raises:
        FaultError: It ended in another way.
    """
    kind, what, change, edits, name = case
    folder = folder / "work"
    folder.mkdir()
    try:
        path = _written(kind, what, change, edits, name, folder)
    except (OSError, UnicodeEncodeError):
        return "right"  # no such name can be
    argument = str(path.relative_to(folder))
    argument = (
        f"./{argument}"
        if argument.startswith("-") or argument.split(":", maxsplit=1)[0] == "practice"
        else argument
    )
    before = _listed(folder)
    unreadable = kind == "place" and what == "unreadable"
    ended = Command(["data", "pack", argument, "--out", "../out.npz"], folder, held_back=unreadable).run()
    outcome = ended.outcome()
    if _listed(folder) != before:
        raise FaultError(f"leaves {_listed(folder) - before} beside what it reads")
    if outcome == "refused":
        if list(folder.parent.iterdir()) != [folder]:
            raise FaultError(f"refuses, but leaves {list(folder.parent.iterdir())}")
        return outcome
    if unreadable:
        raise FaultError("reads what it may not read")
    try:
        expected = plain(path)
    except Exception as error:  # the plain reader refuses by its own words
        raise FaultError(f"accepts what a plain reader refuses ({error!r})") from None
    with np.load(folder.parent / "out.npz") as packed:
        pairs = zip(packed["labels"], packed["images"], strict=True)
        found = Counter((int(label), image.tobytes()) for label, image in pairs)
    if found != expected:
        raise FaultError(f"reads other faces than a plain reader: {len(found)} for {len(expected)}")
    return outcome


def _listed(folder: Path) -> set[str]:
    # Strings, for a name need be no text; and `os.walk` follows no link.
    return {f"{parent}/{name}" for parent, _, names in os.walk(folder) for name in names}


def _written(kind: str, what: str, change: Any, edits: Any, name: str, folder: Path) -> Path:
    """Write the data of a case below a folder, and return what is to be read."""
    if kind == "place":
        return _strange_place(what, name, folder, in_folder=change == "folder")
    shape, picture = (change, picture_of(what)) if kind == "picture" else (what, None)
    if picture is not None and shape == "folder":
        data = edited(picture, edits)
    elif kind == "archive":
        shape, data = "npz", edited(archive_of(what), edits)
    else:
        data = edited(content(shape, change if kind == "file" else ("none", ""), picture), edits)
    inside = {"folder": "happy/a.png", "homework": "train.csv", "shards": "data/train-00000-of-00001.parquet"}
    suffix = "parquet" if shape == "parquet" else "npz" if shape == "npz" else "csv"
    path = folder / name / inside[shape] if shape in inside else folder / f"{name}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return folder / name if shape in inside else path


def _strange_place(what: str, name: str, folder: Path, *, in_folder: bool) -> Path:
    path = folder / name / "happy" / "a.png" if in_folder else folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = encoded(IMAGES[0]) if in_folder else content("kaggle")
    if what == "fifo":
        os.mkfifo(path)
    elif what == "zero":
        path.symlink_to("/dev/zero")
    elif what == "circle":
        path.write_bytes(data)
        (path.parent / "circle").symlink_to(folder)
    elif what == "unreadable":
        path.write_bytes(data)
        path.chmod(0)
    elif what == "link":
        (folder.parent / "work" / ".away").write_bytes(data)
        path.symlink_to(folder / ".away")
    elif what == "socket":
        os.mknod(path, stat.S_IFSOCK | 0o600)
    elif what == "deep":
        path.write_bytes(data)
        path.parent.joinpath(*["d"] * 60).mkdir(parents=True)
    elif what == "hidden":
        path.write_bytes(data)
        (path.parent / ".hidden.png").write_bytes(pickle.dumps(json.dumps("x")))
    return folder / name if in_folder else path
