"""The page's own scripts: a field in focus, quotes that are copied, and news for who does not see the screen.

They are ours to the letter and hold nothing of any article (where a source is unknown, the names of those
that are like it, as a JSON string); what they read of the page they set as text.
"""

from __future__ import annotations

import json

# Once a tab: "/" leads to the first field; what was asked by Enter is selected, so that the next question
# takes its place; a click on a copying button copies what the button holds.
_ONCE = """
(() => {
  if (window.qaIsReady) return;
  window.qaIsReady = true;
  const live = document.createElement("div");
  live.id = "qa-live";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  document.body.append(live);
  const field = () => document.querySelector('.stMain [data-testid="stTextInput"] input');
  document.addEventListener("keydown", event => {
    const at = event.target;
    const asks = at.matches('[data-testid="stForm"] input[type="text"]');
    if (event.key === "Enter" && asks && !event.isComposing) setTimeout(() => at.select());
    const types = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || types) return;
    if (document.querySelector('[role="dialog"]') || !field()) return;
    event.preventDefault();
    field().focus();
    field().select();
  });
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-qa-copy]");
    if (!button) return;
    const before = button.dataset.qaName ??= button.textContent;
    let said = "Copied";
    try { await navigator.clipboard.writeText(button.dataset.qaCopy); }
    catch { said = "The browser did not allow it"; }
    button.textContent = live.textContent = said;
    setTimeout(() => { button.textContent = before; }, 2000);
  });
})();"""
_FOCUS = """
(() => {
  let frames = 0;
  const look = () => {
    const field = document.querySelector('.stMain input[aria-label="LABEL"]');
    const at = document.activeElement;
    if (field && (at === document.body || at.closest("header"))) field.focus({preventScroll: true});
    else if (!field && ++frames < 300) requestAnimationFrame(look);
  };
  look();
})();"""
# The quote is taken from the card, and set as text.
_SAY = """
(() => {
  const live = document.getElementById("qa-live");
  const quote = document.querySelector(".qa-quote, .qa-guess h3");
  if (live) live.textContent = SAID + (quote ? ": " + quote.textContent : "");
})();"""


def ready() -> str:
    """Return the script of every view."""
    return f"<script>{_ONCE}</script>"


def focus(label: str) -> str:
    """Put the cursor into the field of this label, unless somebody has gone elsewhere in the page by then."""
    return f"<script>{_FOCUS.replace('LABEL', label)}</script>"


def say(what: str, turn: int) -> str:
    """Tell a screen reader what has come: words of ours, then the quote of the first card.

    ``turn`` sets it apart from the one before; the same script would not run again.
    """
    words = json.dumps(what).replace("<", "\\u003c")
    return f"<script>/* {turn:d} */{_SAY.replace('SAID', words)}</script>"
