"""SQL for the name of a record, whatever its type."""

from models import RECORD_TYPES

# the columns that serve as names
NAME_COLUMNS = {"source": "title", "position": "text"}
# the types whose records have names: a claim has none
NAMED_TABLES = tuple(type for type in RECORD_TYPES if type != "claim")
# the types whose names are sentences and titles
LONG_NAMED = ("source", "position")
# the name of the row `record`; PostgreSQL plans joins of all tables for milliseconds
NAME_SQL = "CASE record.type {} END".format(
    " ".join(
        f"WHEN '{type}' THEN"
        f" (SELECT {NAME_COLUMNS.get(type, 'name')} FROM {type} WHERE {type}.key = record.key)"
        for type in NAMED_TABLES
    )
)
