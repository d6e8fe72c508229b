"""axe, which Chromium brings in its developer tools, finds nothing on the main screens of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.page.axe import axe_of, findings
from tests.page.browsing import serve
from tests.page.screens import LOOKS, Look, Site, named, visits

pytestmark = pytest.mark.usefixtures("patient")
LOOKED_AT = (  # one of each kind; `python -m tests.page.axe` looks at all
    "start",
    "earlier answers, all unfolded",
    "not found",
    "article in a dialog",
    "brief",
    "archive, found",
    "build, its columns",
    "settings",
    "missing",
)


@pytest.fixture(scope="module")
def axe(chromium: Browser) -> str:
    return axe_of(chromium)


@pytest.fixture(scope="module")
def addresses(copied_site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Site, str]]:
    with serve(tmp_path_factory.mktemp("missing") / "news") as missing:
        yield {"sample": copied_site, "missing": missing}


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[3]], ids=str)
def test_axe_finds_nothing(chromium: Browser, axe: str, addresses: dict[Site, str], look: Look):
    screens = named(LOOKED_AT)
    found = {
        screen.name: [one.line() for one in findings(page, axe)]
        for _, screen, page in visits(chromium, addresses, screens, [look])
    }
    assert found == {screen.name: [] for screen in screens}


def test_axe_finds_what_is_wrong(chromium: Browser, axe: str):
    page = chromium.new_page()
    page.set_content("<html lang=en><title>T</title><main><h1>H</h1><img src=x><p style=color:#bbb>Faint")
    assert [(one.rule, one.impact) for one in findings(page, axe)] == [
        ("color-contrast", "serious"),
        ("image-alt", "critical"),
    ]
    page.close()


def test_screen_that_does_not_exist_is_refused():
    assert [screen.name for screen in named(["settings"])] == ["settings"]
    with pytest.raises(ValueError, match="no screen is called Setings"):
        named(["Setings"])


def test_screens_have_names_of_their_own():
    names = [screen.name for screen in named([])]
    assert len(names) == len(set(names)) == 40
