"""Each of the ten tasks is done in a real Chromium, in no more actions than it may take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.page.tasks import TASKS, Task, done


@pytest.fixture(scope="module", autouse=True)
def patient() -> Iterator[None]:
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.do.__name__)
def test_task_is_done_in_few_actions(
    task: Task, profiles: dict[str, BrowserContext], copied_site: str, tmp_path: Path
):
    profiles["light"].grant_permissions(["clipboard-read", "clipboard-write"], origin=copied_site)
    tab = profiles["light"].new_page()
    hand = done(tab, copied_site, task, tmp_path)
    assert len(hand.actions) <= task.most, hand.actions
    tab.close()
