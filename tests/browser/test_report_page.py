"""The page as a reader uses it, in Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
LUMINANCE = "[...getComputedStyle(document.body).backgroundColor.matchAll(/\\d+/g)].map(Number)"


def seen(page, language):
    """Whether a paragraph of each language can be seen."""
    return page.locator(f".prose[lang='{language}']").first.is_visible()


def test_the_page_makes_no_request_and_breaks_no_rule_of_its_own(visit, address):
    page = visit()
    page.locator("summary").first.click()
    page.get_by_text("English", exact=True).click()
    assert [url for url in page.requests if not url.startswith("data:")] == [address]
    assert page.messages == []


def test_both_languages_show_at_first(visit):
    page = visit()
    assert seen(page, "zh-Hant-TW")
    assert seen(page, "en")


@pytest.mark.parametrize(
    ("label", "shown", "hidden"), [("English", "en", "zh-Hant-TW"), ("中文", "zh-Hant-TW", "en")]
)
def test_the_switch_hides_the_other_language(visit, label, shown, hidden):
    page = visit()
    page.get_by_text(label, exact=True).click()
    assert seen(page, shown)
    for text in page.locator(f"body [lang='{hidden}']").all():
        assert not text.is_visible()
    assert page.evaluate("document.documentElement.lang") == shown
    alternative = {"en": "It rises.", "zh-Hant-TW": "由左下到右上。"}[shown]
    assert page.locator("figure img").first.get_attribute("alt") == alternative


def test_the_address_chooses_a_language_and_the_choice_is_remembered(visit, address):
    page = visit("?lang=en")
    assert not seen(page, "zh-Hant-TW")
    page.get_by_text("中文", exact=True).click()
    page.goto(address)
    assert not seen(page, "en")
    page.goto(address + "?lang=nonsense")
    assert not seen(page, "en")


def test_the_switch_works_without_a_script(visit):
    page = visit(java_script_enabled=False)
    page.locator("label", has_text="English").last.click()
    assert seen(page, "en")


def test_the_switch_works_by_keyboard(visit):
    page = visit()
    page.locator("#lang-both").focus()
    page.keyboard.press("ArrowLeft")
    assert not seen(page, "zh-Hant-TW")


def test_the_first_tab_leads_to_the_text(visit):
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"


def test_the_page_is_dark_where_the_reader_wants_it(visit):
    assert max(visit(color_scheme="dark").evaluate(LUMINANCE)[:3]) < 60
    assert min(visit(color_scheme="light").evaluate(LUMINANCE)[:3]) > 200


@pytest.mark.parametrize("query", ["", "?lang=zh", "?lang=en"])
def test_nothing_is_wider_than_a_phone(visit, query):
    page = visit(query, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_code_unfolds(visit):
    page = visit()
    folded = page.locator("details.code").first
    assert not folded.locator("pre").is_visible()
    folded.locator("summary").click()
    assert folded.locator("pre").is_visible()


def test_a_link_of_the_contents_leads_to_its_section(visit):
    page = visit()
    page.locator("nav a", has_text="全連接網路").click()
    assert page.evaluate("location.hash") == "#02-dnn"
    assert page.evaluate("document.getElementById('02-dnn').getBoundingClientRect().top") < 400


def test_on_paper_there_is_no_switch_and_no_code(visit):
    page = visit()
    page.emulate_media(media="print")
    assert not page.locator(".switch").is_visible()
    assert not page.locator("details.code").first.is_visible()
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?lang=zh", "?lang=en"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1400, "height": 900}], ids=["phone", "desk"])
def test_axe_finds_nothing_that_a_reader_would_stumble_over(visit, query, scheme, viewport):
    page = visit(query, color_scheme=scheme, viewport=viewport)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:90] for node in rule["nodes"]]) for rule in found] == []


def test_a_link_of_the_first_page_leads_to_a_questions_answer(visit):
    page = visit()
    page.locator(".overview a").first.click()
    assert page.evaluate("location.hash") == "#01-cnn"
    assert page.locator(".answer-box").first.is_visible()


def test_everything_that_scrolls_sideways_can_be_reached_by_keyboard(visit):
    page = visit(viewport=PHONE)
    script = """() => [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
      && e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)
      && e.tabIndex < 0 && !e.querySelector("a, button, [tabindex]")).map((e) => e.outerHTML.slice(0, 90))"""
    assert page.evaluate(script) == []


def test_texts_stand_out_from_their_ground(visit):
    script = """() => {
      const rgb = (c) => [...c.matchAll(/[\\d.]+/g)].slice(0, 4).map(Number);
      const light = (c) => c.slice(0, 3).map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = (e) => {
        for (; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] > 0) return c;
        }
        return [255, 255, 255];
      };
      const low = [];
      for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!own || !e.checkVisibility()) continue;
        const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) low.push(e.className + " " + e.textContent.trim().slice(0, 40));
      }
      return low;
    }"""
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate(script) == []
