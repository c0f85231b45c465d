"""The standpoints of communities: the positions that their members support or oppose."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.networks.arrays import Integers, paired, parted
from models.networks.facts import fetch_facts
from models.networks.statements import OPPOSE, SUPPORT

# positions of a community that are shown
MAX_POSITIONS = 20


def find_standpoints(
    community: Integers, position: Integers, stance: Integers
) -> dict[int, list[dict]]:
    """The positions on which members of each community take most stances, by its number.

    The arrays have an element for each statement; `position` holds keys.
    """
    stated = (community > 0) & ((stance == SUPPORT) | (stance == OPPOSE))
    pairs, place = np.unique(paired(community[stated], position[stated]), return_inverse=True)
    support = np.bincount(place[stance[stated] == SUPPORT], minlength=len(pairs))
    total = np.bincount(place, minlength=len(pairs))
    numbers, keys = parted(pairs)
    facts = fetch_facts(np.unique(keys).tolist())
    rows: dict[int, list[tuple]] = defaultdict(list)
    for number, key, supporting, all_stances in zip(
        numbers.tolist(), keys.tolist(), support.tolist(), total.tolist(), strict=True
    ):
        rows[number].append((-all_stances, facts[key].id, facts[key].name, supporting))
    return {
        number: [
            {"id": id, "text": text, "support": supporting, "oppose": -negative - supporting}
            for negative, id, text, supporting in sorted(community_rows)[:MAX_POSITIONS]
        ]
        for number, community_rows in rows.items()
    }
