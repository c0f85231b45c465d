"""The names, words and ids that a misspelt text may have been meant for."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase, digits

from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys

# a longer text is looked for as it is: the number of its neighbours grows with its length
MAX_PROBED_LENGTH = 40
# words of a text that are looked for
MAX_WORDS = 8
# words are also looked for by their first letters, which finds those with several slips
START_LENGTHS = (3, 5)


def neighbours(
    text: str, characters: str = ascii_lowercase, longest: int = MAX_PROBED_LENGTH
) -> set[str]:
    """The text, and all texts with one wrong, missing, extra or swapped character.

    A wrong or missing character is one of `characters`, or a digit if the text has digits. A text
    of more than `longest` characters has no other texts.
    """
    if len(text) > longest:
        return {text}
    if any(digit in text for digit in digits):
        characters += digits
    texts = {text}
    for n in range(len(text) + 1):
        start, end = text[:n], text[n:]
        texts.update([f"{start}{character}{end}" for character in characters])
        if end:
            texts.add(start + end[1:])
            texts.update([f"{start}{character}{end[1:]}" for character in characters])
        if len(end) > 1:
            texts.add(f"{start}{end[1]}{end[0]}{end[2:]}")
    return texts - {""}


def probes(text: str) -> Iterator[dict[str, str]]:
    """What is looked for in place of a text: rows of the table `probes` in SUGGEST."""
    folded = fold(text)
    for id in {text, slug(folded)}:
        yield {"kind": "id", "value": id}
    # the letters of another script are too many to put each in place of another
    letters = neighbours(script_key(text) or "", "")
    for name in neighbours(folded, ascii_lowercase + " ") | {*spelling_keys(text), *letters}:
        yield {"kind": "name", "value": name}
    words = sorted(set(folded.split()), key=lambda word: (-len(word), word))[:MAX_WORDS]
    for word in words:
        for neighbour in neighbours(word):
            yield {"kind": "word", "value": neighbour}
        for length in START_LENGTHS:
            if len(word) > length:
                start = word[:length]
                yield {"kind": "start", "value": start, "below": f"{start}~"}


def slug(folded: str) -> str:
    """A folded name as an id."""
    return folded.replace(" ", "-")
