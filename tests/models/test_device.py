"""What runs the models: told by QA_DEVICE and by what is installed."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

import qa
from qa.errors import InputError
from qa.models import device
from qa.models.device import Device, chosen_device


@pytest.fixture(autouse=True)
def untold():
    """Forget what has been said, as at the start of a process."""
    device._tell_of_torch.cache_clear()


def test_openvino_runs_on_the_cpu_unless_another_device_is_named(monkeypatch):
    assert chosen_device() == Device("openvino", "cpu")
    for blank_or_cpu in ("", " ", "cpu"):
        monkeypatch.setenv("QA_DEVICE", blank_or_cpu)
        assert chosen_device() == Device("openvino", "cpu")


def test_torch_replaces_openvino_where_it_is_missing_and_that_is_said_once(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with caplog.at_level(logging.WARNING, logger="qa"):
        assert [chosen_device() for _ in range(3)] == [Device("torch", "cpu")] * 3
    assert caplog.messages == [
        "OpenVINO is not installed, so torch runs the models, two to three times slower. "
        "Run: pip install -r requirements.txt"
    ]


def test_torch_runs_on_a_gpu_where_there_is_one(monkeypatch):
    monkeypatch.setenv("QA_DEVICE", "cuda")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert chosen_device() == Device("torch", "cuda")


def test_unknown_device_is_reported_with_those_that_are_known(monkeypatch):
    monkeypatch.setenv("QA_DEVICE", "gpu")
    with pytest.raises(InputError) as told:
        chosen_device()
    assert str(told.value) == "QA_DEVICE 'gpu' is neither cpu nor cuda. Set QA_DEVICE=cpu"


def test_missing_gpu_stops_a_command_with_one_line(type_in, sample_index, monkeypatch):
    monkeypatch.setenv("QA_DEVICE", "cuda")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    code, out, err = type_in("ask", "Who met Putin?", "--index", sample_index)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("qa: QA_DEVICE is cuda, but torch ")
    assert err.endswith("Set QA_DEVICE=cpu, or install torch for your card.\n")


# An index that OpenVINO built is asked on a machine without it.
ASKING = """
import sys
sys.modules["openvino"] = None
import qa
reply = qa.open(sys.argv[1]).ask(sys.argv[2])
print([(answer.text, answer.article.id, answer.start) for answer in reply.answers])
"""


def test_archive_is_asked_without_openvino(run_python, sample_index: Path, sample_news: qa.Archive):
    question = "Which canal did the Ever Given block?"
    (expected, *_) = sample_news.ask(question).answers
    first = (expected.text, expected.article.id, expected.start)
    assert run_python(ASKING, str(sample_index), question).startswith(f"[{first}")
