"""`python -m fer_nb start`: the folder to work in, where the package was installed without its checkout."""

import os
import shutil
from pathlib import Path

import click

from fer_nb.errors import InputError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def start(folder: Path) -> None:
    """Lay out notebooks/ and params/, with the student's file, in FOLDER: the current one by default.

    What is there is left as it is.

    Example: python -m fer_nb start homework
    """
    from fer_nb.files import written_whole
    from fer_nb.report.project import shipped

    targets = {source: folder / source.parent.name / source.name for source in shipped()}
    kept = [target for target in targets.values() if os.path.lexists(target)]
    places = {target.parent for target in targets.values()}
    if wrong := [place for place in (folder, *places) if os.path.lexists(place) and not place.is_dir()]:
        raise InputError.expected(wrong[0], "a folder", "something else")
    for source, target in targets.items():
        if target not in kept:
            with written_whole(target) as temporary:
                shutil.copyfile(source, temporary)
    click.echo(f"laid out in {folder.resolve()}: {len(targets) - len(kept)} files in notebooks/ and params/")
    if kept:
        click.echo(f"left alone, for they were there: {', '.join(str(t.relative_to(folder)) for t in kept)}")
    click.echo("next: your name into params/student.yaml, and there: python -m fer_nb report")
