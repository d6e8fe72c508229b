"""The state of a run <-> one safetensors file, from which a killed run goes on to the bit."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def checkpoint(
    out: Path,
    step: int,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    mean: dict[str, torch.Tensor],
) -> None:
    """Everything needed to go on, as safetensors, swapped in whole."""
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    tensors = {f"weight {name}": model.get_parameter(name).detach() for name in trained}
    tensors |= {f"mean {name}": tensor for name, tensor in mean.items()}
    state = optimizer.state_dict()["state"]
    for number, name in enumerate(trained):
        tensors |= {f"{key} {name}": state[number][key] for key in ("exp_avg", "exp_avg_sq", "step")}
    fresh = out / "checkpoint.tmp"
    save_file({name: t.contiguous() for name, t in tensors.items()}, fresh, metadata={"step": str(step)})
    fresh.replace(out / "checkpoint.safetensors")


def resume(
    out: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, mean: dict[str, torch.Tensor]
) -> int:
    """Steps done by the checkpoint that was read; 0 if there is none."""
    path = out / "checkpoint.safetensors"
    if not path.is_file():
        return 0
    tensors = load_file(path)
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    with torch.no_grad():
        for name in trained:
            model.get_parameter(name).copy_(tensors[f"weight {name}"])
            mean[name].copy_(tensors[f"mean {name}"])
    state = optimizer.state_dict()
    state["state"] = {
        number: {key: tensors[f"{key} {name}"] for key in ("exp_avg", "exp_avg_sq", "step")}
        for number, name in enumerate(trained)
    }
    optimizer.load_state_dict(state)
    return int(tensors[f"step {trained[0]}"].item())


def exchange(model: torch.nn.Module, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Exchange trained weights for others; what was there comes back."""
    gone = {name: model.get_parameter(name).detach().clone() for name in values}
    with torch.no_grad():
        for name, value in values.items():
            model.get_parameter(name).copy_(value)
    return gone
