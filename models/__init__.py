"""The relational model: one module a record type."""

from peewee import Check

from models.actor import Actor, Membership
from models.base import Base, Deletion, Document, Record
from models.claim import (
    About,
    Addressee,
    Claim,
    ClaimPosition,
    ClaimTopic,
    EventClaim,
    Relation,
    Report,
    Review,
    TopicClaim,
)
from models.dataset import DatasetRow, DatasetVersion
from models.event import Event, EventAncestor, Organizer, Participant
from models.name_key import NameKey
from models.organization import Organization
from models.position import Position, PositionTopic
from models.record_table import RecordTable, type_of
from models.seed_file import SeededRecord, SeedFile
from models.source import Source
from models.topic import Broader, Topic

# each type before the types that refer to it
RECORD_TYPES: dict[str, type[RecordTable]] = {
    type_of(model): model for model in (Organization, Actor, Topic, Position, Event, Source, Claim)
}
Record.type.constraints.append(Check(f"type IN {tuple(RECORD_TYPES)}"))
# for lists by the number of claims, and for completions
for named_table in (Organization, Actor, Topic, Position, Event, Source):
    named_table.add_index(named_table.claim_count, named_table.key)

TABLES: tuple[type[Base], ...] = (
    DatasetRow,
    DatasetVersion,
    Record,
    Document,
    Deletion,
    SeedFile,
    SeededRecord,
    NameKey,
    *(table for model in RECORD_TYPES.values() for table in (model, *model.LINKS)),
    Broader,
    TopicClaim,
    EventAncestor,
    EventClaim,
)

__all__ = [
    "RECORD_TYPES",
    "TABLES",
    "About",
    "Actor",
    "Addressee",
    "Broader",
    "Claim",
    "ClaimPosition",
    "ClaimTopic",
    "DatasetRow",
    "DatasetVersion",
    "Deletion",
    "Document",
    "Event",
    "EventAncestor",
    "EventClaim",
    "Membership",
    "NameKey",
    "Organization",
    "Organizer",
    "Participant",
    "Position",
    "PositionTopic",
    "Record",
    "Relation",
    "Report",
    "Review",
    "SeedFile",
    "SeededRecord",
    "Source",
    "Topic",
    "TopicClaim",
]
