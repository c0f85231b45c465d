"""Settings and their defaults. `CLAIMBASE_X` in the environment sets `X`."""

# where the claims are; the plain variable DATABASE_URL serves, too
DATABASE_URL = "sqlite:///claimbase.db"

# how many megabytes of answers each process keeps; 0: none
CACHE_MB = 64

API_TITLE = "Claimbase"
API_VERSION = "v1"
OPENAPI_VERSION = "3.1.1"


def megabytes(setting: object) -> int:
    """The setting CACHE_MB. Raises ValueError where it is no number of megabytes."""
    if type(setting) is int and 0 <= setting <= 1 << 20:
        return setting
    raise ValueError(f"CLAIMBASE_CACHE_MB is a whole number of megabytes, and not {setting!r}")
