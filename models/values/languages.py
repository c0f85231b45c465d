"""Language tags (BCP 47)."""

import re

PATTERN = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"


def parse_language(tag: str) -> str:
    """A tag in its usual case: `EN-gb` → `en-GB`, `zh-hant` → `zh-Hant`. Raises ValueError."""
    if not re.fullmatch(PATTERN, tag, re.ASCII):
        raise ValueError("is not a language tag (BCP 47), such as en or en-GB")
    language, *subtags = tag.split("-")
    casing = {2: str.upper, 4: str.title}
    return "-".join(
        [language.lower(), *(casing.get(len(subtag), str.lower)(subtag) for subtag in subtags)]
    )
