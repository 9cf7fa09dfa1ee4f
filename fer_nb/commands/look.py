"""`python -m fer_nb look`: what a network sees in the faces of one's own photographs."""

import base64
import html
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from numpy.typing import NDArray

from fer_nb.commands import networks, options
from fer_nb.commands.backend import start_networks
from fer_nb.data.photographs import Square, cut, find_faces, open_photograph, photograph_files, smaller
from fer_nb.errors import InputError, printable
from fer_nb.files import written_whole
from fer_nb.language import EMOTIONS, HTML_LANGUAGE

if TYPE_CHECKING:
    from fer_nb.findings.photographs import Observer

Faces = list[tuple[Path, Square]]

PAGE = Path(__file__).with_suffix(".html")  # makes no request
MOST = 100  # faces of a figure, each of them a row
DOTS_PER_INCH = 130
BAR = 30  # characters of a probability of 1
WAYS_OUT = "--crop X,Y,W,H tells where it is, --whole takes the whole picture for it"


@click.command()
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=options.PATH)
@click.option("--run", type=options.PATH, help="A run or a .keras file; by default the best run on FER2013.")
@click.option("--data", help="Faces by which to calibrate and measure a network whose run cannot tell.")
@click.option("--crop", metavar="X,Y,W,H", help="The face is here, in pixels from the upper left.")
@click.option("--whole", is_flag=True, help="The whole picture is the face.")
@options.out(".png", ".html", required=False, help="FILE.png or FILE.html, with the saliency of each face.")
@options.RUNS
@options.answer
def look(
    photos: tuple[Path, ...], *, run: Path | None, data: str | None, crop: str | None, whole: bool,
    out: Path | None, runs: Path,
) -> tuple[object, Iterator[str]]:  # fmt: skip
    """Find the faces in each PHOTO, a picture or a folder of pictures, and say what a network sees in them.

    Below the probabilities stands what they are worth. Nothing leaves this machine; only --out is written.

    Example: python -m fer_nb look me.jpg --out me.html
    """
    files = photograph_files(photos)
    if crop and (whole or len(files) > 1):
        found = "it, too" if whole else f"{len(files)} photos"
        raise InputError.expected("--crop", "one photo and no --whole", found)
    for file in files:  # what is no picture is told before anything starts
        _given(open_photograph(file), crop=crop, whole=whole)
    start_networks()
    from fer_nb.findings.photographs import Observer
    from fer_nb.learning.prediction.evaluation import evaluate
    from fer_nb.learning.runs import best_run

    member = networks.open_network(run or best_run(runs).folder, runs)
    observer = Observer.of(member)
    if data:
        measured_on = networks.faces_for([member], data, cache=runs / "cache", quiet=True)
        observer = Observer(member, evaluate([member], measured_on))
    faces, cuts, pictures = [], [], []
    for file in files:
        picture = open_photograph(file)
        squares = _given(picture, crop=crop, whole=whole) or find_faces(picture)
        faces += [(file, square) for square in squares]
        cuts += [cut(picture, square) for square in squares]
        pictures += [smaller(picture, square) for square in squares]
    empty = [file for file in files if file not in dict(faces)]
    if not faces:
        raise InputError.expected(", ".join(map(str, empty)), "a face", f"none; {WAYS_OUT}")
    for file in empty:
        click.echo(printable(f"warning: {file}: expected a face, found none; {WAYS_OUT}"), err=True)
    probabilities, maps = observer.look(np.stack(cuts))
    if out:
        drawn = _drawn(pictures, cuts, probabilities, maps)
        with written_whole(out) as temporary:
            page = _page(drawn, faces, probabilities, observer).encode() if out.suffix == ".html" else drawn
            temporary.write_bytes(page)
    return _told(files, faces, probabilities, observer), _lines(faces, probabilities, observer)


def _given(picture: NDArray[np.uint8], *, crop: str | None, whole: bool) -> list[Square]:
    """Return the square that --crop or --whole gives in a picture; none where faces are to be found."""
    height, width = picture.shape[:2]
    if whole:
        return [Square.around(0, 0, width, height)]
    if crop is None:
        return []
    try:
        x, y, w, h = map(int, crop.split(","))
    except ValueError:
        raise InputError.expected("--crop", "X,Y,W,H, four whole numbers", crop) from None
    if not (0 <= x < x + w <= width and 0 <= y < y + h <= height):
        raise InputError.expected("--crop", f"a place in a picture of {width}x{height} pixels", crop)
    return [Square.around(x, y, w, h)]


def _lines(faces: Faces, probabilities: NDArray[np.float64], observer: "Observer") -> Iterator[str]:
    """Yield each face with its probabilities, the highest first, and what they are worth."""
    for (file, square), shares in zip(faces, probabilities, strict=True):
        yield f"{printable(file)}: {_described(square)}"
        for label in np.argsort(-shares, kind="stable"):
            emotion, share = EMOTIONS[label], float(shares[label])
            yield f"  {emotion.zh} {emotion.en:<9}{100 * share:5.1f}%  {'█' * round(BAR * share)}"
    yield from observer.limits().by_language().values()


def _described(square: Square) -> str:
    """Return in words where a face lies."""
    tilt = f", turned by {square.tilt:.0f}°" if square.tilt else ""
    sure = f", {100 * square.confidence:.1f}% sure to be one" if square.confidence else ""
    return f"a face of {square.side:.0f} pixels around {square.x:.0f},{square.y:.0f}{tilt}{sure}"


def _told(
    files: list[Path], faces: Faces, probabilities: NDArray[np.float64], observer: "Observer"
) -> dict[str, Any]:
    """Return what --json prints."""
    photos: dict[Path, list[dict[str, Any]]] = {file: [] for file in files}
    for (file, square), shares in zip(faces, probabilities.tolist(), strict=True):
        named = dict(zip([emotion.en for emotion in EMOTIONS], shares, strict=True))
        photos[file].append(
            asdict(square) | {"answer": max(named, key=named.__getitem__), "probabilities": named}
        )
    return {
        "network": observer.member.name,
        "temperature": observer.temperature,
        "limits": observer.limits().by_language(),
        "photos": [{"file": str(file), "faces": found} for file, found in photos.items()],
    }


def _drawn(*columns: Any) -> bytes:
    """Return the PNG of a row a face."""
    from fer_nb.figures.photographs import faces_seen
    from fer_nb.figures.style import use_report_style

    if len(columns[0]) > MOST:
        raise InputError.expected("--out", f"at most {MOST} faces", len(columns[0]))
    use_report_style()
    drawn = io.BytesIO()
    faces_seen(*columns).savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    return drawn.getvalue()


def _page(drawn: bytes, faces: Faces, probabilities: NDArray[np.float64], observer: "Observer") -> str:
    """Return a page with the figure, the probabilities as a table, and what they are worth."""
    import pandas as pd

    table = pd.DataFrame(probabilities, columns=[str(emotion) for emotion in EMOTIONS])
    table.insert(0, "臉 face", [f"{printable(file.name)}: {_described(square)}" for file, square in faces])
    limits = observer.limits().by_language().items()
    return PAGE.read_text(encoding="utf-8").format(
        picture=base64.b64encode(drawn).decode(),
        table=table.to_html(index=False, border=0, float_format="{:.1%}".format),
        limits="\n".join(f'<p lang="{HTML_LANGUAGE[name]}">{html.escape(said)}</p>' for name, said in limits),
    )
