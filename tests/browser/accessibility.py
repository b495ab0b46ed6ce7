"""What axe-core finds on a page."""

from playwright.sync_api import Page

from tests.house_rules import ROOT
from tests.missing import skip_unless_ci

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}


def grave_findings(page: Page) -> list[str]:
    """Return the serious and critical findings, each with the elements concerned."""
    if not AXE.is_file():
        skip_unless_ci("axe-core is missing: make vendor installs it")
    # Evaluated, not added as a script element, which the content security policy would bar.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
    )
    return [
        f"{finding['id']}: {[node['html'][:160] for node in finding['nodes']]}"
        for finding in found
        if finding["impact"] in GRAVE
    ]


def overflow(page: Page) -> list[str]:
    """Return the elements that make the page scroll sideways, if it does."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    return found
