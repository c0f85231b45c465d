"""SQL for the name of a record, whatever its type."""

from models import RECORD_TYPES

# the columns that serve as names
NAME_COLUMNS = {"source": "title", "position": "text"}
# the types whose records have names: a claim has none
NAMED_TABLES = tuple(type for type in RECORD_TYPES if type != "claim")
# the types whose names are sentences and titles
LONG_NAMED = ("source", "position")
# the name of the row `record`, with these joins
NAME_SQL = "COALESCE({})".format(
    ", ".join(f"{type}.{NAME_COLUMNS.get(type, 'name')}" for type in NAMED_TABLES)
)
JOIN_NAMED_TABLES = "\n".join(
    f"LEFT JOIN {type} ON {type}.key = record.key" for type in NAMED_TABLES
)
