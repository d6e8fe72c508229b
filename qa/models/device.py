"""QA_DEVICE and what is installed -> what runs the models: OpenVINO on the processor, or torch."""

from __future__ import annotations

import importlib.util
import logging
import threading
from dataclasses import dataclass
from functools import cache
from typing import Literal

from qa.errors import InputError
from qa.settings import DEVICES, device_name
from qa.shipped import install_command

_TELLING = threading.Lock()  # two models are loaded side by side


@dataclass(frozen=True, slots=True)
class Device:
    """Which library runs the models, and where."""

    engine: Literal["openvino", "torch"]
    name: str  # as torch calls it: cpu or cuda


def chosen_device() -> Device:
    """Choose OpenVINO on the processor; torch on a GPU if QA_DEVICE says cuda, and where OpenVINO is absent.

    :raises InputError: if QA_DEVICE names no device that is known.
    :raises ModelError: if it says cuda and torch finds none.
    """
    name = device_name()
    if name not in DEVICES:
        raise InputError(f"QA_DEVICE {name!r} is neither cpu nor cuda", cure="Set QA_DEVICE=cpu")
    if name == "cuda":
        from qa.models.torch_runtime import require_cuda

        require_cuda()
        return Device("torch", name)
    if importlib.util.find_spec("openvino") is None:
        with _TELLING:
            _tell_of_torch()
        return Device("torch", name)
    return Device("openvino", name)


@cache  # once a process, however many models are loaded
def _tell_of_torch() -> None:
    logging.getLogger("qa").warning(
        "OpenVINO is not installed, so torch runs the models, two to three times slower. "
        f"Run: {install_command()}"
    )
