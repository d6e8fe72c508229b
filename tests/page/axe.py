"""``python -m tests.page.axe [NAME ...]`` has axe look at every screen: light, dark, wide and on a phone.

axe-core is not part of this project (MPL-2.0): Chromium brings it, inside Lighthouse in its developer tools.
It is put into the page and sends nothing. Exit code 1 says that it found something.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.page.browsing import CHROMIUM_ARGUMENTS, find_chromium
from tests.page.screens import LOOKS, PATIENCE, named, sites, visits

LIGHTHOUSE = "devtools://devtools/bundled/third_party/lighthouse/lighthouse-dt-bundle.js"
IN_LIGHTHOUSE = re.compile(r"`/\*! axe v(?:[^`\\]|\\.)*`", re.DOTALL)  # a string of JavaScript
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Streamlit gives its box for files a role that its label contradicts; axe calls it minor.
STREAMLITS = ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')
LONGEST = 160  # characters of an element that are shown


@dataclass(frozen=True, slots=True)
class Finding:
    """What axe has against a screen: a rule, how bad, and the elements."""

    rule: str
    impact: str
    places: tuple[str, ...]  # their HTML

    def line(self) -> str:
        return f"{self.impact} {self.rule}: {'; '.join(self.places)}"


def axe_of(browser: Browser) -> str:
    """Return the script of axe that a Chromium brings."""
    page = browser.new_page()
    page.goto(LIGHTHOUSE)
    found = IN_LIGHTHOUSE.search(page.evaluate("document.body.textContent"))
    if found is None:
        raise LookupError(f"this Chromium {browser.version} has no axe at {LIGHTHOUSE}")
    script: str = page.evaluate(found[0])
    page.close()
    return script


def findings(page: Page, axe: str) -> list[Finding]:
    """Return what axe finds on the page as it stands, but for what is known of Streamlit."""
    page.evaluate(axe)
    seen = page.evaluate(f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})")
    return [
        Finding(one["id"], one["impact"], tuple(node["html"][:LONGEST] for node in one["nodes"]))
        for one in seen["violations"]
        if one["id"] != STREAMLITS[0] or not all(STREAMLITS[1] in node["html"] for node in one["nodes"])
    ]


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    wanted = named(sys.argv[1:])
    faulty = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        axe = axe_of(browser)
        print(axe.split("\n", 1)[0].strip("/*! "), flush=True)
        with sites(Path(folder), wanted) as addresses:
            for look, screen, page in visits(browser, addresses, wanted, LOOKS):
                found = findings(page, axe)
                faulty += bool(found)
                print(f"{look}, {screen.name}: {len(found) if found else 'nothing'}", flush=True)
                for one in found:
                    print(f"    {one.line()}", flush=True)
        browser.close()
    sys.exit(1 if faulty else 0)


if __name__ == "__main__":
    main()
