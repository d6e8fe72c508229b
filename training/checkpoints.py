"""The state of a run <-> one safetensors file, from which a killed run goes on."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch.optim.swa_utils import AveragedModel

FILE = "checkpoint.safetensors"
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


def checkpoint(
    out: Path,
    step: int,
    seconds: float,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    mean: AveragedModel,
) -> None:
    """Write everything that is needed to go on, swapped in whole."""
    tensors = {f"mean {name}": tensor for name, tensor in mean.state_dict().items()}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            tensors[f"weight {name}"] = parameter.detach()
            state = optimizer.state[parameter]
            tensors |= {f"{key} {name}": state[key] for key in _MOMENTS}
    fresh = out / "checkpoint.tmp"
    about = {"step": str(step), "seconds": str(seconds)}
    save_file({name: t.contiguous() for name, t in tensors.items()}, fresh, metadata=about)
    fresh.replace(out / FILE)


def resume(
    out: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, mean: AveragedModel
) -> tuple[int, float]:
    """Take up the checkpoint of a run; returns the steps done and the seconds used, both 0 without one."""
    path = out / FILE
    if not path.is_file():
        return 0, 0.0
    with safe_open(path, framework="pt") as file, torch.no_grad():
        about = file.metadata()
        mean.load_state_dict({name: file.get_tensor(f"mean {name}") for name in mean.state_dict()})
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(file.get_tensor(f"weight {name}"))
                # The step counter stays on the CPU, as in the optimizer.
                optimizer.state[parameter] = {
                    key: file.get_tensor(f"{key} {name}").to(parameter.device) for key in _MOMENTS
                }
    return int(about["step"]), float(about["seconds"])
