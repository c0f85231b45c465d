"""Settings and their defaults. `CLAIMBASE_X` in the environment sets `X`."""

# the variable DATABASE_URL sets it, too
DATABASE_URL = "sqlite:///claimbase.db"

# megabytes of cached responses in each process; 0 for no cache
CACHE_MB = 64

# of the pages: their title, where readers report errors, and the license of the data
TITLE = "Claimbase"
FEEDBACK_URL = ""
LICENSE_URL = ""
# the address by which clients reach the root, for absolute URLs; empty: that of the request
PUBLIC_URL = ""

API_TITLE = "Claimbase"
API_VERSION = "v1"
OPENAPI_VERSION = "3.1.1"


def cache_megabytes(setting: object) -> int:
    """The setting CACHE_MB. Raises ValueError if it is not a number of megabytes."""
    if type(setting) is int and 0 <= setting <= 1 << 20:
        return setting
    raise ValueError(f"CLAIMBASE_CACHE_MB must be a whole number of megabytes, not {setting!r}")
