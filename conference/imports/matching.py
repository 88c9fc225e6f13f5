"""Says which thing in a file is which thing on file, from the surest sign to the weakest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from conference.imports.parsed import Key

# Of many that share a sign, so many are compared for the nearest.
_MOST_CANDIDATES = 100


def pair(
    wanted: Sequence[Collection[Key]],
    on_file: Sequence[Collection[Key]],
    rounds: Iterable[Collection[str]],
    distance: Callable[[int, int], Any] = lambda wanted, on_file: 0,
) -> dict[int, int]:
    """Index of the wanted → index of the one on file; each is taken once.

    A round is a set of kinds of keys. All of the wanted go through a round before any goes through the next, so that
    nobody takes with a weak key what another one has a sure key to. Of several with the same key the nearest is
    taken, then the first.
    """
    holders: defaultdict[Key, dict[int, None]] = defaultdict(dict)
    for holder, keys in enumerate(on_file):
        for key in keys:
            holders[key][holder] = None
    found: dict[int, int] = {}
    for kinds in rounds:
        for index, keys in enumerate(wanted):
            if index in found:
                continue
            candidates = [
                holder
                for key in keys
                if key.kind in kinds
                for holder in islice(holders.get(key, ()), _MOST_CANDIDATES)
            ]
            if not candidates:
                continue
            nearest = min(candidates, key=lambda holder: distance(index, holder))
            found[index] = nearest
            for key in on_file[nearest]:
                holders[key].pop(nearest, None)
    return found
