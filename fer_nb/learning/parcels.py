"""Run folders on their way: bytes that become a run elsewhere, whole or not at all."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fer_nb.learning.run_folders import lock, writing


@dataclass(frozen=True)
class Parcel:
    """What became of a training: a run, and its folder where it has to be sent; or an error.

    Attributes:
        name: Of the run; "" where there is none.
        worker: On which it ran; "" for this process.
        folder: The run folder as a ZIP file; None where it lies where it belongs.
        checksum: SHA-256 of that file.
        error: Why there is no run, in a line.
    """

    name: str = ""
    worker: str = ""
    folder: bytes | None = None
    checksum: str = ""
    error: str = ""

    def unpack(self, runs: Path) -> bool:
        """Put the run below `runs`, unless it is there; return False where it came damaged."""
        if self.folder is None:
            return True
        if hashlib.sha256(self.folder).hexdigest() != self.checksum:
            return False
        with lock(runs, self.name):
            if not (runs / self.name).exists():
                with writing(runs, self.name) as folder, zipfile.ZipFile(io.BytesIO(self.folder)) as packed:
                    packed.extractall(folder)
        return True


def pack(folder: Path, worker: str = "") -> Parcel:
    """Return a run folder to be sent."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    packed = content.getvalue()
    return Parcel(folder.name, worker, packed, hashlib.sha256(packed).hexdigest())
