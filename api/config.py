"""Settings and their defaults. `CLAIMBASE_X` in the environment sets `X`."""

# the variable DATABASE_URL sets it, too
DATABASE_URL = "sqlite:///claimbase.db"
# the database that requests read, such as a standby; empty: DATABASE_URL
READ_URL = ""

# megabytes of cached responses in each process; 0 for no cache
CACHE_MB = 64

# seconds that a request may take
REQUEST_SECONDS = 10
# exports and whole lists that a process sends at once; how many seconds a client may be behind in
# reading an answer; and the megabytes that a process keeps on disk for each stream
STREAMS = 4
STREAM_SECONDS = 300
SPOOL_MB = 256

# of the pages: their title, where readers report errors, and the license of the data
TITLE = "Claimbase"
FEEDBACK_URL = ""
LICENSE_URL = ""
# the address by which clients reach the root, for absolute URLs; empty: that of the request
PUBLIC_URL = ""

# the path under which a proxy serves the application: /claims-api
PREFIX = ""
# addresses and networks, by commas, of proxies whose X-Forwarded headers hold
TRUSTED_PROXIES = ""

# the access log: off, combined or json
LOG = "off"
# metrics for Prometheus: off, path for /metrics, or a port
METRICS = "off"

API_TITLE = "Claimbase"
API_VERSION = "v1"
OPENAPI_VERSION = "3.1.1"


class InvalidSetting(ValueError):
    """A setting has a value that it cannot have."""


def cache_megabytes(setting: object) -> int:
    """The setting CACHE_MB. Raises InvalidSetting if it is not a number of megabytes."""
    if type(setting) is int and 0 <= setting <= 1 << 20:
        return setting
    raise InvalidSetting(f"CLAIMBASE_CACHE_MB must be a whole number of megabytes, not {setting!r}")


def request_seconds(setting: object) -> float:
    """The setting REQUEST_SECONDS. Raises InvalidSetting if it is not a number of seconds."""
    if type(setting) in (int, float) and 0 < setting <= 3600:  # type: ignore[operator]
        return setting  # type: ignore[return-value]
    raise InvalidSetting(
        f"CLAIMBASE_REQUEST_SECONDS must be seconds above 0, at most 3600, not {setting!r}"
    )


def positive_number(name: str, setting: object) -> int:
    """A setting that counts. Raises InvalidSetting if it is not a whole number above 0."""
    if type(setting) is int and 0 < setting <= 1 << 20:
        return setting
    raise InvalidSetting(f"CLAIMBASE_{name} must be a whole number above 0, not {setting!r}")
