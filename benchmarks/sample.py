"""The sample report in `reports/sample/`: the quick profile's PDF, small enough to be kept."""

import io
from pathlib import Path

import click

SAMPLE = Path(__file__).parents[1] / "reports" / "sample" / "report.pdf"
SCALE = 0.6  # of the pictures' sides
QUALITY = 60  # of JPEG


@click.command()
@click.argument("report", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def sample(report: Path) -> None:
    """Keep REPORT, a report.pdf of practice faces, with smaller pictures and packed structure.

    Example: nox -s sample
    """
    SAMPLE.parent.mkdir(parents=True, exist_ok=True)
    shrink(report, SAMPLE)
    click.echo(f"{SAMPLE}: {SAMPLE.stat().st_size / 1e6:.2f} MB instead of {report.stat().st_size / 1e6:.2f}")


def shrink(source: Path, target: Path) -> None:
    """Write a PDF with the pictures of another at `SCALE` and its structure in compressed streams.

    Args:
        source: The PDF to read.
        target: The PDF to write; the same source gives the same bytes.
    """
    import pikepdf
    from PIL import Image

    with pikepdf.open(source) as pdf:
        for item in pdf.objects:
            if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != "/Image":
                continue
            picture = pikepdf.PdfImage(item).as_pil_image()
            grey = picture.mode in ("1", "L")
            picture = picture.convert("L" if grey else "RGB")
            size = (round(SCALE * picture.width), round(SCALE * picture.height))
            small = io.BytesIO()
            picture.resize(size, Image.Resampling.LANCZOS).save(small, "JPEG", quality=QUALITY, optimize=True)
            item.write(small.getvalue(), filter=pikepdf.Name.DCTDecode)
            item.Width, item.Height = size
            item.BitsPerComponent = 8
            item.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )
