"""The command ``serve``: what it refuses to start, and a whole run of it with the models that ship."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from qa.cli.logs import logs_in_lines

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "0123456789abcdef"


def test_writable_server_requires_a_token(type_in):
    code, _, err = type_in("serve", "--writable")
    assert (code, err) == (
        2,
        "qa: --writable lets every program on this machine add articles. Add --token-file FILE.\n",
    )


def test_server_for_other_machines_requires_a_token(type_in):
    code, _, err = type_in("serve", "--host", "0.0.0.0")
    assert code == 2 and err.startswith("qa: --host 0.0.0.0 lets other machines ask, and there is no token.")


def test_port_that_is_taken_is_said_before_any_model_is_loaded(type_in, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = type_in("serve", "--port", port, "--index", tmp_path / "none")
    what = f"qa: port {port} of 127.0.0.1 cannot be had (Address already in use)."
    assert (code, err) == (2, f"{what} Choose another: --port 0 takes any.\n")


def test_missing_index_is_reported(type_in, tmp_path: Path):
    code, _, err = type_in("serve", "--port", 0, "--index", tmp_path / "none")
    assert code == 2 and "there is no index" in err and "Traceback" not in err


def test_library_that_is_missing_is_named_with_the_command_that_installs_it(type_in, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, _, err = type_in("serve")
    assert (code, err) == (
        2,
        "qa: this needs fastapi, which is not installed. Run: pip install -r requirements-serve.txt\n",
    )


def test_what_is_logged_is_a_line_that_moves_no_cursor(capsys):
    with logs_in_lines():
        try:
            raise ValueError("secret")
        except ValueError:
            logging.getLogger("qa.doors").exception("GET /\x1b[2Ja\nb: %s", "\u202egone")
        logging.getLogger("uvicorn.error").info("nothing to tell")
    logging.getLogger("qa.doors").warning("over")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: GET /") and told.err.count("\n") == 1
    assert "\x1b" not in told.err and "\u202e" not in told.err and "Traceback" not in told.err


def test_server_answers_from_the_sample_until_it_is_told_to_end(sample_index: Path, tmp_path: Path):
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--token-file", str(token)]
    process = subprocess.Popen(
        [*command, "--index", str(sample_index)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        opening, serving = process.stderr.readline(), process.stderr.readline()
        address = re.fullmatch(
            rf"Serving {re.escape(str(sample_index))} at (http://\S+) until Ctrl-C\.\n", serving
        )
        assert address is not None, opening + serving + process.stderr.read()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        body = {"question": "Which canal did the Ever Given block?"}
        got = httpx.post(f"{address[1]}/ask", json=body, headers=headers, timeout=60)
        assert got.json()["answers"][0]["text"] == "Suez Canal"
        assert httpx.post(f"{address[1]}/articles", json=body, headers=headers).status_code == 404
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "Stopped.\n")
    finally:
        process.kill()
        process.communicate()
