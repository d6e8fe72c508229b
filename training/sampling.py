"""Packed questions and a recipe -> the groups of one epoch, drawn anew for each."""

from __future__ import annotations

import random
from collections.abc import Mapping

from training.batches import Group
from training.packed import DEV, Packed
from training.recipe import BESIDE, Recipe


def epoch(packed: Packed, recipe: Recipe, number: int) -> list[Group]:
    """Draw the questions of an epoch and the passages read beside them; a seed and a number give the same.

    :raises ValueError: if the mix names a set that the file has not.
    """
    rng = random.Random(f"{recipe.seed} {number}")
    drawn = [
        (group, contexts_of(packed, group, rng))
        for name, passes in present(packed, recipe.mix).items()
        for group in _repeated(packed.of_set(name).tolist(), passes, rng)
    ]
    rng.shuffle(drawn)
    tokens, groups = 0, []
    for group, contexts in drawn:
        tokens += packed.size(group, contexts)
        if tokens > recipe.epoch_tokens:
            break
        groups.append(packed.windows(group, contexts))
    return groups


def present(packed: Packed, mix: Mapping[str, float]) -> dict[str, float]:
    """Return the mix without the sets that a smaller pack was made without (mined ones, open news).

    :raises ValueError: if a set of the file has no weight; what is not meant to be read gets 0.
    """
    missing = [name for name in packed.sets if not name.startswith(DEV) and name not in mix]
    if missing:
        raise ValueError(f"the mix has no weight for {', '.join(missing)}")
    return {name: passes for name, passes in mix.items() if name in packed.sets}


def contexts_of(packed: Packed, group: int, rng: random.Random) -> list[int]:
    """Return the contexts that answer, or else the one asked about, and some of the others."""
    places = packed.contexts(group)
    answering = [at for at in places if packed.answers(at)]
    asked = answering or [places[0]]
    others = [at for at in places if at not in asked]
    many = rng.choices(range(len(BESIDE)), weights=BESIDE)[0]
    # Mined passages stand first and are harder, so each place is half as likely as the one before.
    chosen: list[int] = []
    while others and len(chosen) < many:
        weights = [0.7**place for place in range(len(others))]
        chosen.append(others.pop(rng.choices(range(len(others)), weights=weights)[0]))
    return [*asked, *chosen]


def _repeated(groups: list[int], passes: float, rng: random.Random) -> list[int]:
    """Repeat each group as often as its whole passes say, and a share of them once more."""
    whole, rest = divmod(passes, 1)
    return groups * int(whole) + [group for group in groups if rng.random() < rest]
