"""Language tags (BCP 47, RFC 5646)."""

import re

# well-formed tags (https://www.rfc-editor.org/rfc/rfc5646#section-2.1), without languages of four
# and more letters: none is registered
LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}"
SCRIPT = "(-[A-Za-z]{4})?"
REGION = "(-([A-Za-z]{2}|[0-9]{3}))?"
VARIANTS = "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
EXTENSIONS = "(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*"
PRIVATE = "[Xx](-[A-Za-z0-9]{1,8})+"
GRANDFATHERED = "[Ii]-[A-Za-z]{2,8}|[Ee][Nn]-[Gg][Bb]-[Oo][Ee][Dd]|[Ss][Gg][Nn](-[A-Za-z]{2}){2}"
PATTERN = (
    f"({LANGUAGE}{SCRIPT}{REGION}{VARIANTS}{EXTENSIONS}(-{PRIVATE})?|{PRIVATE}|{GRANDFATHERED})"
)


def parse_language(tag: str) -> str:
    """A tag in its usual case: `EN-gb` → `en-GB`, `zh-hant` → `zh-Hant`. Raises ValueError."""
    if not re.fullmatch(PATTERN, tag, re.ASCII) or repeats_subtag(tag):
        raise ValueError("is not a language tag (BCP 47), such as en or en-GB")
    language, *subtags = tag.lower().split("-")
    cased = [language]
    for subtag in subtags:
        # extensions and private subtags are in lower case
        after_singleton = any(len(before) == 1 for before in cased)
        casing = {} if after_singleton else {2: str.upper, 4: str.title}
        cased.append(casing.get(len(subtag), str.lower)(subtag))
    return "-".join(cased)


def repeats_subtag(tag: str) -> bool:
    """Whether a tag has one variant, or one extension, twice."""
    public = re.split("(?:^|-)x-", tag.lower())[0].split("-")
    singletons = [subtag for subtag in public if len(subtag) == 1]
    before_extensions = public[: public.index(singletons[0])] if singletons else public
    variants = [
        subtag for subtag in before_extensions[1:] if len(subtag) > 4 or subtag[0].isdigit()
    ]
    return any(len(subtags) > len(set(subtags)) for subtags in (singletons, variants))


def broader_tags(tag: str) -> list[str]:
    """The tags that a tag is under, and the tag itself: `zh-Hant-TW` → `zh`, `zh-Hant`, itself."""
    subtags = tag.split("-")
    prefixes = ["-".join(subtags[:length]) for length in range(1, len(subtags))]
    return [prefix for prefix in prefixes if re.fullmatch(PATTERN, prefix)] + [tag]


def is_under(prefix: str, tag: str) -> bool:
    """Whether a tag is a language range, or begins with it: `en-GB` is under `en`."""
    return tag == prefix or tag.startswith(f"{prefix}-")
