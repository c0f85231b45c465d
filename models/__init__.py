"""The relational model of Claimbase."""

from models.actor import Actor, Membership
from models.base import DatasetRow, Deletion, Document, Record
from models.claim import (
    About,
    Addressee,
    Claim,
    ClaimPosition,
    ClaimTopic,
    Relation,
    Report,
    Review,
    TopicClaim,
)
from models.event import Event, Organizer, Participant
from models.organization import Organization
from models.position import Position, PositionTopic
from models.queries import filters as filters  # gives each model its filters and sorts
from models.search.names import Handle
from models.seed_file import Seeded, SeedFile
from models.source import Source
from models.topic import Broader, Topic

# every type of record, those first that others refer to
RESOURCES = {
    "organization": Organization,
    "actor": Actor,
    "topic": Topic,
    "position": Position,
    "event": Event,
    "source": Source,
    "claim": Claim,
}

TABLES = (
    DatasetRow, Record, Document, Deletion, SeedFile, Seeded, Handle,
    Organization, Actor, Membership, Topic, Broader, Position, PositionTopic,
    Event, Organizer, Participant, Source,
    Claim, ClaimTopic, TopicClaim, ClaimPosition, Addressee, About, Report, Relation, Review,
)  # fmt: skip
