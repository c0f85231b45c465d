"""Settings and their defaults. `CLAIMBASE_X` in the environment sets `X`."""

# where the claims are; the plain variable DATABASE_URL serves, too
DATABASE_URL = "sqlite:///claimbase.db"

API_TITLE = "Claimbase"
API_VERSION = "v1"
OPENAPI_VERSION = "3.1.1"
