"""Docstrings of the public names -> API pages: ``python docs/api.py FOLDER``.

Fails on any warning of pdoc, so that CI notices a name that no longer resolves.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pdoc

import qa

PAGES = ["qa", "qa.records", "qa.settings", "qa.errors"]

if __name__ == "__main__":
    warnings.simplefilter("error", UserWarning)
    for name in qa.__all__:  # they load when first asked for, and pdoc looks only at what is loaded
        setattr(qa, name, getattr(qa, name))
    pdoc.pdoc(*PAGES, output_directory=Path(sys.argv[1]))
