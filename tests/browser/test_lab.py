"""Notebooks 04, 05 and 06 in JupyterLab: run from top to end, and their widgets as a student uses them."""

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
SMALL = {
    "04_confusion_matrix": {"matrix_epochs": 1},
    "05_saliency": {
        "saliency_epochs": 1,
        "saliency_samples": 2,
        "saliency_masks": 20,
        "saliency_checked": 2,
    },
    "06_gradient_ascent": {
        "ascent_epochs": 1,
        "ascent_layers": [-1],
        "ascent_filters": 2,
        "ascent_steps": 4,
        "ascent_images": 14,
    },
}
"""Parameters with which a notebook ends soon; all three find one network."""
WIDTHS = (900, 1400, 2500)
STARTUP_SECONDS, RUN_SECONDS = 120, 600

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The folder of a JupyterLab over copies of the notebooks with small parameters, once it answers."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    for name, small in SMALL.items():
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        (parameters,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        given = {"data": "practice:210", "runs_folder": str(home / "runs")} | small
        parameters.source += "\n" + "\n".join(f"{key} = {value!r}" for key, value in given.items())
        nbformat.write(notebook, folder / f"{name}.ipynb")
    log = (home / "lab.log").open("w")
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--MappingKernelManager.root_dir={ROOT}", "--LabApp.check_for_updates_class="
                "jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None", str(folder)]  # fmt: skip
    own = {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield started(home)
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def started(home):
    """The address of a notebook by its name, each in a workspace of its own, once the server answers."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        for path in (home / "runtime").glob("jpserver-*.json"):
            told = json.loads(path.read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{told['url']}api?token={told['token']}")
            return f"{told['url']}lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={told['token']}"
        time.sleep(0.5)
    raise TimeoutError((home / "lab.log").read_text(encoding="utf-8"))


@pytest.fixture
def run_all(lab, chromium):
    """Opens a notebook, runs all of it, and returns its page once some widget is there."""
    pages = []

    def run_all(name, widget):
        page = chromium.new_page(viewport={"width": WIDTHS[0], "height": 1000})
        pages.append(page)
        page.goto(lab.format(name))
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=STARTUP_SECONDS * 1000)
        # What is run before the kernel answers is lost at times on a busy machine.
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for(
            state="attached", timeout=STARTUP_SECONDS * 1000
        )
        page.locator(".jp-Notebook .jp-CodeCell").first.click()
        page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells")).click()
        shown = page.locator(widget).first
        shown.wait_for(state="attached", timeout=RUN_SECONDS * 1000)
        shown.scroll_into_view_if_needed()
        return page

    yield run_all
    for page in pages:
        page.close()


FAULTS = """width => {
  const panel = document.querySelector(".jp-NotebookPanel").getBoundingClientRect();
  if (innerWidth !== width || panel.right > width || panel.right < width - 100) return ["not laid out yet"];
  const parts = ".widget-label, .widget-html, .widget-readout, .slider-container, select, button, img, input";
  const told = (e) => `${e.className || e.tagName} ${e.title || e.textContent.trim()}`.slice(0, 60);
  const faults = [];
  for (const output of document.querySelectorAll(".jp-OutputArea-output:has(.jupyter-widgets)")) {
    const area = output.getBoundingClientRect();
    const shown = [...output.querySelectorAll(parts)].filter((e) => e.checkVisibility() && e.offsetHeight);
    const boxes = shown.map((e) => e.getBoundingClientRect());
    shown.forEach((one, i) => {
      const a = boxes[i];
      if (a.left < area.left - 1 || a.right > area.right + 1 || a.bottom > area.bottom + 1)
        faults.push(`${told(one)} sticks out`);
      if (one.matches(".widget-label") && one.scrollWidth > one.clientWidth)
        faults.push(`${told(one)} is cut`);
      if (one.matches("img") && !(one.complete && one.naturalWidth)) faults.push("a picture is not loaded");
      for (let j = i + 1; j < shown.length; j++) {
        const b = boxes[j];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 1 && !one.contains(shown[j])) faults.push(`${told(one)} on ${told(shown[j])}`);
      }
    });
  }
  return faults;
}"""
"""What is wrong with the widgets of a page of a width: parts that overlap, stick out or are cut off."""


def is_laid_out_at_every_width(page):
    """Hold a page's widgets at every width to having no fault."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        try:
            page.wait_for_function(f"width => !({FAULTS})(width).length", arg=width, timeout=20_000)
        except Exception:
            assert (width, page.evaluate(FAULTS, width)) == (width, [])
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0


@pytest.mark.parametrize(("left", "found"), [(70, []), (50, ["one on two"]), (980, ["two sticks out"])])
def test_widgets_that_overlap_or_stick_out_are_found(chromium, left, found):
    page = chromium.new_page(viewport={"width": 1000, "height": 100})
    button = "<button style='position: absolute; width: 60px; left: {}px' title={}></button>"
    page.set_content(
        "<body class='jp-NotebookPanel'><div class='jp-OutputArea-output' style='height: 50px'>"
        f"<div class='jupyter-widgets'>{button.format(8, 'one')}{button.format(left, 'two')}</div></div>"
    )
    assert [fault.replace("BUTTON ", "") for fault in page.evaluate(FAULTS, 1000)] == found
    page.close()


def changes_the_picture(page, act):
    """Wait until the first picture among the widgets is another than before something was done."""
    picture = page.locator("img.widget-image").first
    before = picture.get_attribute("src")
    act()
    page.wait_for_function(
        "([image, before]) => image.src !== before", arg=[picture.element_handle(), before], timeout=60_000
    )


def test_a_face_of_the_gallery_of_04_opens_in_the_laboratory_of_05_and_nothing_overlaps(run_all):
    page = run_all("04_confusion_matrix", "[class*='fer-face-']")
    assert page.locator("[class*='fer-face-']").count() == 24
    is_laid_out_at_every_width(page)
    second = page.locator("[class*='fer-face-']").nth(1)
    assert page.locator("img.widget-image").count() == 0
    second.click()
    page.locator("img.widget-image").wait_for(timeout=60_000)
    assert page.locator(".widget-slider", has_text="image").locator(".widget-readout").inner_text() == "1"
    is_laid_out_at_every_width(page)


def test_the_picture_of_05_follows_its_slider_and_nothing_overlaps(run_all):
    page = run_all("05_saliency", "img.widget-image")
    page.locator(".widget-slider .noUi-handle").first.focus()
    changes_the_picture(page, lambda: page.keyboard.press("ArrowRight"))
    assert page.locator(".widget-upload").is_visible()
    is_laid_out_at_every_width(page)


def test_the_face_of_06_follows_its_action_units_and_nothing_overlaps(run_all):
    page = run_all("06_gradient_ascent", "img.widget-image")
    page.locator(".widget-slider .noUi-handle").nth(5).focus()
    changes_the_picture(page, lambda: page.keyboard.press("PageUp"))
    is_laid_out_at_every_width(page)
