"""The report's sample notebooks, in a browser."""

import shutil

import pytest
from made_up_report import executed, ran, student

from fer_nb.report.exporters import FerHTMLExporter
from fer_nb.report.front import assemble
from fer_nb.report.results import collect

__all__ = ["executed", "ran", "student"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def address(executed, student, tmp_path_factory):
    """Where the rendered page lies."""
    report = assemble(executed, collect(executed, profile="quick"), student)
    page = tmp_path_factory.mktemp("page") / "report.html"
    page.write_text(FerHTMLExporter().from_notebook_node(report)[0], encoding="utf-8")
    return page.as_uri()


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium; the tests are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Opens the page and returns it, with the requests and the messages of its console as it goes."""
    contexts = []

    def visit(query="", **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.messages = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.messages.append(message.text))
        page.goto(address + query)
        return page

    yield visit
    for context in contexts:
        context.close()
