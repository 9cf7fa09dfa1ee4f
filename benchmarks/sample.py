"""The sample report in `reports/sample/`: the quick profile's PDF, and pictures of two of its pages."""

import shutil
from pathlib import Path

import click

SAMPLE = Path(__file__).parents[1] / "reports" / "sample"
PICTURES = {"answers.png": "The questions at a glance", "saliency.png": "map on its own"}
"""File -> words of the first page that it shows."""
SCALE = 1.1  # pixels a point


@click.command()
@click.argument("report", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def sample(report: Path) -> None:
    """Keep REPORT, a report.pdf of practice faces, and pictures of two of its pages.

    Example: nox -s sample
    """
    SAMPLE.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(report, SAMPLE / "report.pdf")
    for name, words in PICTURES.items():
        picture(report, SAMPLE / name, words=words)
    click.echo(SAMPLE)


def picture(source: Path, target: Path, *, words: str) -> None:
    """Write a picture of the first page of a PDF that holds some words.

    Raises:
        ValueError: No page holds them.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(source) as pdf:
        for page in pdf:
            # a line's end may stand between two words
            if words in " ".join(page.get_textpage().get_text_range().split()):
                page.render(scale=SCALE).to_pil().save(target, optimize=True)
                return
    raise ValueError(f"{source}: expected a page with {words!r}, found none")
