"""Networks in words: the question, the choices of the form, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.words import amount, plain
from models.networks.measure import DATED_SCOPES, ONE_MODE

Options = Mapping[str, str]

PLURALS = {
    "actor": "actors",
    "organization": "organizations",
    "position": "positions",
    "topic": "topics",
    "event": "events",
    "source": "sources",
    "about": "actors or organizations",
}
# actors and organizations tied by positions
TIES_OF_STANCES = {
    "ignore": "speak on the same positions",
    "congruence": "take the same stances on positions",
    "conflict": "take opposite stances on positions",
    "subtract": "agree or disagree on positions",
}
# actors and organizations tied by other items
TIES = {
    "actor": "for which the same actors make claims",
    "organization": "that make claims for the same organizations",
    "topic": "that make claims on the same topics",
    "event": "that make claims at the same events",
    "source": "with claims in the same sources",
    "about": "that make claims about the same actors or organizations",
}
# positions tied by other items
TIES_OF_POSITIONS = {
    "actor": "on which the same actors take {}stances",
    "organization": "on which the same organizations take {}stances",
    "topic": "with {}stances in claims on the same topics",
    "event": "with {}stances in claims at the same events",
    "source": "with {}stances in claims in the same sources",
    "about": "with {}stances in claims about the same actors or organizations",
}
STANCES_OF_POSITIONS = {
    "ignore": "",
    "congruence": "equal ",
    "conflict": "opposite ",
    "subtract": "equal or opposite ",
}
COLUMNS_IN_WORDS = {
    "position": "the positions that they take stances on",
    "topic": "the topics of their claims",
    "event": "the events of their claims",
    "source": "the sources of their claims",
    "about": "whom their claims are about",
}
VARIABLE_WORDS = {
    **{name: words.capitalize() for name, words in PLURALS.items()},
    "about": "Whom claims are about",
}
METHOD_WORDS = {
    "ignore": "any stance",
    "congruence": "equal stances",
    "conflict": "opposite stances",
    "subtract": "equal less opposite",
}
TWO_MODE_METHOD_WORDS = {"ignore": "all statements", "subtract": "support less opposed"}
NORMALIZATION_WORDS = {
    "none": "nothing",
    "average": "average activity",
    "jaccard": "Jaccard",
    "cosine": "cosine",
    "activity": "activity of who speaks",
    "prominence": "prominence of the item",
}
# the weight of an edge before normalization
METHOD_MEANINGS = {
    "ignore": "Each pair of claims by both adds 1.",
    "congruence": "Each pair of claims with equal stances adds 1.",
    "conflict": "Each pair of claims with opposite stances adds 1.",
    "subtract": "Each pair of claims with equal stances adds 1, each with opposite ones takes 1.",
}
DIVISORS = {
    "average": "the average number of statements of both",
    "jaccard": "the denominator of Jaccard’s similarity",
    "cosine": "the denominator of the cosine’s similarity",
}
DUPLICATE_WORDS = {
    "include": "each time",
    "source": "once in a source",
    "week": "once in a week",
    "month": "once in a month",
    "year": "once in a year",
    "range": "once",
}
WINDOW_WORDS = {
    "": "none",
    "P1M": "month by month",
    "P3M": "by three months",
    "P6M": "by half years",
    "P1Y": "year by year",
}
# from these values on
DENSITY_WORDS = [
    (0.6, "most pairs have an edge"),
    (0.3, "many pairs have an edge"),
    (0.1, "some pairs have an edge"),
    (0.0, "few pairs have an edge"),
]
MODULARITY_WORDS = [
    (0.5, "the communities are far apart"),
    (0.3, "the communities are plain to see"),
    (0.1, "the communities overlap"),
    (-1.0, "there is hardly a division"),
]


def network_heading(options: Options, mode: str, sentence: str) -> str:
    """The question of a network, with the sentence of its claims."""
    return f"{variables_in_words(options, mode)}{of_claims(sentence)}"


def variables_in_words(options: Options, mode: str) -> str:
    """What is tied, and by what."""
    if mode != ONE_MODE:
        rows = PLURALS[options["rows"]].capitalize()
        return f"{rows} and {COLUMNS_IN_WORDS[options['columns']]}"
    nodes, via, method = options["nodes"], options["via"], options["method"]
    subject = PLURALS[nodes].capitalize()
    if via == "position":
        return f"{subject} that {TIES_OF_STANCES[method]}"
    if nodes == "position":
        return f"{subject} {TIES_OF_POSITIONS[via].format(STANCES_OF_POSITIONS[method])}"
    return f"{subject} {TIES[via]}"


def of_claims(sentence: str) -> str:
    """The claims that filters choose, as the end of a sentence; nothing if there is no filter."""
    filters = plain(sentence).removeprefix("Claims")
    return f", in claims{filters}" if filters else ""


def meaning(value: float, words: list[tuple[float, str]]) -> str:
    """The word for a number, from a table that begins with the greatest."""
    return next(word for least, word in words if value >= least)


def rounded(value: float) -> str:
    """A weight: whole numbers as they are, others with three digits."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
    return text.replace("-", "−")


def left_out_sentences(options: Options, meta: Mapping[str, Any], nodes: int = 0) -> list[str]:
    """Sentences on what does not enter a network of so many nodes, or its statements."""
    sentences = []
    count = meta["left_out"]
    if count:
        spans = ["window"] if options["window"] else []
        spans += [name for name in (options["duplicates"],) if name in DATED_SCOPES]
        lie = "lies" if count == 1 else "lie"
        dated = "its date is" if count == 1 else "their dates are"
        sentences.append(
            f"{amount(count, 'claim')} {lie} in no one {' or '.join(spans)}, since {dated} "
            "absent, or too coarse."
        )
    if options["method"] != "ignore":
        sentences.append("Neutral statements do not count.")
    limits = {
        "top": "Only the nodes with most statements are kept: {} of them.",
        "min_claims": "Nodes with fewer than {} claims are left out.",
        "min_items": "Items with fewer than {} statements are left out.",
        "min_weight": "Edges with a weight below {} are left out.",
    }
    in_force = {name: sentence for name, sentence in limits.items() if options[name]}
    if options["top"] and 0 < nodes < int(options["top"]):
        del in_force["top"]
    return sentences + [sentence.format(options[name]) for name, sentence in in_force.items()]
