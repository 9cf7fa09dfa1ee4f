"""Notebook 05 in JupyterLab: run from top to end, and the laboratory at its end answers to its slider."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "05_saliency.ipynb"
SMALL = {
    "data": "practice:210",
    "saliency_epochs": 1,
    "saliency_samples": 2,
    "saliency_masks": 20,
    "saliency_checked": 4,
}
STARTUP_SECONDS, RUN_SECONDS = 120, 600

pytestmark = pytest.mark.browser


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab over a copy of the notebook with small parameters."""
    notebook = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    (parameters,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    small = SMALL | {"runs_folder": str(tmp_path / "runs")}
    parameters.source += "\n" + "\n".join(f"{name} = {value!r}" for name, value in small.items())
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(notebook, folder / NOTEBOOK)
    log = (tmp_path / "lab.log").open("w")
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--MappingKernelManager.root_dir={ROOT}", "--LabApp.check_for_updates_class="
                "jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None", str(folder)]  # fmt: skip
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield started(tmp_path)
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def started(folder):
    """The address with its token, once the server answers."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        for path in (folder / "runtime").glob("jpserver-*.json"):
            told = json.loads(path.read_text(encoding="utf-8"))
            address = f"{told['url']}lab/tree/{NOTEBOOK}?token={told['token']}"
            urllib.request.urlopen(f"{told['url']}api?token={told['token']}")
            return address
        time.sleep(0.5)
    raise TimeoutError((folder / "lab.log").read_text(encoding="utf-8"))


def test_notebook_05_runs_from_top_to_end_and_the_picture_follows_the_slider(lab, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(lab)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
    # What is run before the kernel answers is lost at times on a busy machine.
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for(
        state="attached", timeout=120_000
    )
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells")).click()
    picture = page.locator("img.widget-image").first
    picture.wait_for(state="attached", timeout=RUN_SECONDS * 1000)
    picture.scroll_into_view_if_needed()
    before = picture.get_attribute("src")
    slider = page.locator(".widget-slider .noUi-handle").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([image, before]) => image.src !== before", arg=[picture.element_handle(), before], timeout=60_000
    )
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0
    page.close()
