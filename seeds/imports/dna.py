"""DNA: statements of a project of Discourse Network Analyzer 3 become claims."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from models import source
from models.values.spelling import script_key
from seeds.imports.dna_file import (
    BOOLEAN,
    INTEGER,
    SHORT_TEXT,
    DNADocument,
    DNAEntity,
    DNAProject,
    DNAStatement,
    DNAVariable,
)
from seeds.imports.drafts import Draft, DraftStore, Reference, folded_name
from seeds.imports.making import hashed_id, name_slug, short_hash
from seeds.raw_record import Unreadable

MAX_EXACT = 20_000
MAX_ATTRIBUTE = 2000
# bytes as JSON; the limit of a record leaves room for its other fields
MAX_TEXT_BYTES = 950_000
# numbers of documents come before those of statements
PLACES = 1 << 40
# the variables that make up a claim, with their types
ROLES = {
    "person": (SHORT_TEXT,),
    "organization": (SHORT_TEXT,),
    "concept": (SHORT_TEXT,),
    "agreement": (BOOLEAN, INTEGER),
}
RECORD_TYPES_OF_ROLES = {"person": "actor", "organization": "organization", "concept": "position"}
VERBS = {"support": "supports", "oppose": "opposes", "neutral": "is neutral on"}


class DNAOptions(NamedTuple):
    """The statement type, and the names of its variables; an empty name is that of none."""

    type: str = "DNA Statement"
    person: str = "person"
    organization: str = "organization"
    concept: str = "concept"
    agreement: str = "agreement"


class ImportedDocument(NamedTuple):
    """A document that has become a source."""

    id: str
    date: str | None


def place_name(n: int) -> str:
    return f"statement {n - PLACES}" if n > PLACES else f"document {n}"


class DNAImport:
    """Reads one project into a store of drafts."""

    def __init__(self, options: DNAOptions):
        self.options = options

    def read(self, path: Path, store: DraftStore) -> None:
        """Tell the store of all documents and statements."""
        store.name_places(place_name)
        try:
            project = DNAProject(path)
            try:
                ProjectReader(project, self.options, store).read_all()
            finally:
                project.close()
        except Unreadable as error:
            store.error(None, error.value or "", str(error))
        except (sqlite3.Error, UnicodeError) as error:
            message = f"cannot be read as a database ({error}): take a complete copy of the project"
            store.error(None, "", message)
        store.problems.refuse_if_any()


class ProjectReader:
    """Reads the documents and the statements of an open project."""

    def __init__(self, project: DNAProject, options: DNAOptions, store: DraftStore):
        self.project = project
        self.options = options
        self.store = store
        self.statement_type = self.find_statement_type()
        self.variables = project.variables(self.statement_type)
        self.roles = self.find_roles()
        self.entities = project.entities()
        self.attributes = joined_attributes(self.entities, project.attributes())
        self.coders = project.coders()
        self.documents: dict[int, ImportedDocument] = {}
        # the document whose statements are being read, and its text
        self.document, self.text = 0, ""

    def find_statement_type(self) -> int:
        """Raises Unreadable if the project lacks the statement type."""
        types = self.project.statement_types()
        if self.options.type not in types:
            raise Unreadable(
                f"there is no statement type {self.options.type!r}: name one of"
                f" {quoted_names(types)}",
                value="--type",
            )
        return types[self.options.type]

    def find_roles(self) -> dict[str, DNAVariable]:
        """The variables of a claim by role. Raises Unreadable if the statement type lacks one."""
        roles = {}
        for role, types in ROLES.items():
            name = getattr(self.options, role)
            if not name:
                continue
            fitting = {
                variable.name: variable for variable in self.variables if variable.type in types
            }
            if name not in fitting:
                raise Unreadable(
                    f"there is no variable {name!r} of type {' or '.join(types)} in statements of"
                    f" type {self.options.type!r}: name one of {quoted_names(fitting)},"
                    " or '' for none",
                    value=f"--{role}",
                )
            roles[role] = fitting[name]
        if not roles.keys() & {"person", "organization"}:
            raise Unreadable(
                "claims need a claimant: name a variable by --person or --organization",
                value="--person",
            )
        return roles

    def read_all(self) -> None:
        self.read_documents()
        for statement in self.project.statements(self.statement_type):
            self.store.tell("statements")
            self.read_statement(statement)
        self.tell_dropped()

    def tell_dropped(self) -> None:
        """Tell of the content of the project that no record has."""
        counts = self.project.statement_counts()
        for label, type in self.project.statement_types().items():
            if type != self.statement_type and counts.get(type):
                self.store.tell(f"statements of the type {label!r}, left out", counts[type])
        if parents := self.project.parents():
            self.store.tell("entities whose group is left out", parents)

    def read_documents(self) -> None:
        ids: Counter[str] = Counter()
        for document in self.project.documents():
            self.store.tell("documents")
            date = self.date(document)
            id = source_id(document, date)
            ids[id] += 1
            if ids[id] > 1:
                id = hashed_id(id, short_hash(document.text, str(ids[id])))
            self.documents[document.id] = ImportedDocument(id, date)
            fields = {
                "id": id,
                "title": document.title.strip() or f"Document {document.id}",
                "kind": document.type if document.type in source.KINDS else "article",
                "authors": [document.author] if document.author.strip() else None,
                "date": date,
                "text": self.short_enough(document),
            }
            attributes = {
                name: getattr(document, name) for name in ("source", "section", "type", "notes")
            }
            self.store.add(Draft("source", document.id, fields, self.present(attributes)))

    def date(self, document: DNADocument) -> str | None:
        """The day of a document, in UTC; None, and told, if there is no such day."""
        try:
            moment = datetime.fromtimestamp(document.date, UTC)
        except (ValueError, OverflowError, OSError, TypeError):
            message = "is no date: the document and its claims have none"
            self.store.warn(document.id, "date", message, str(document.date))
            return None
        if document.date % 86_400:
            self.store.tell("dates whose time of day is left out")
        return moment.date().isoformat()

    def short_enough(self, document: DNADocument) -> str | None:
        """The text of a document; None, and told, if it is too long for a record."""
        if len(orjson.dumps(document.text)) > MAX_TEXT_BYTES:
            message = "is too long: the source has no text"
            self.store.warn(document.id, "text", message, document.title)
            return None
        return document.text or None

    def present(self, attributes: dict[str, Any]) -> dict[str, str | None]:
        """The attributes that have a value; those that are too long are counted instead."""
        present = {name: str(value) for name, value in attributes.items() if str(value).strip()}
        for name, value in attributes.items():
            if len(str(value)) > MAX_ATTRIBUTE:
                self.store.tell(f"values of {name!r} left out: longer than {MAX_ATTRIBUTE}")
                del present[name]
        return {name.replace(":", "-"): value for name, value in present.items()}

    def read_statement(self, statement: DNAStatement) -> None:
        place = PLACES + statement.id
        document = self.documents.get(statement.document)
        if not document:
            self.store.warn(place, "", "belongs to no document: left out")
            return
        values = self.project.values(statement.id)
        names = {role: self.name_of(role, values) for role in RECORD_TYPES_OF_ROLES}
        claimant = names["person"] or names["organization"]
        if not claimant:
            self.store.warn(place, "", "has neither a person nor an organization: left out")
            return
        span = self.span(statement)
        stance = self.stance(values, place) if names["concept"] else None
        fields: dict[str, Any] = {
            "id": f"{document.id}-{statement.start}-{statement.id}",
            "text": claim_text(claimant, names["concept"], stance, span),
            "actor": self.reference("person", values, place),
            "organization": self.reference("organization", values, place),
            "date": document.date,
            "reports": [{"source": document.id, **span}],
            "coder": self.coders.get(statement.coder or 0) or None,
        }
        if names["concept"] and stance:
            position = self.reference("concept", values, place)
            fields["positions"] = [{"position": position, "stance": stance}]
        used = {variable.id for variable in self.roles.values()}
        attributes = {
            variable.name: self.shown_value(variable, values[variable.id])
            for variable in self.variables
            if variable.id not in used and values.get(variable.id) is not None
        }
        self.store.add(Draft("claim", place, fields, self.present(attributes)))

    def entity(self, role: str, values: dict[int, Any]) -> DNAEntity | None:
        variable = self.roles.get(role)
        entity = self.entities.get(values.get(variable.id, 0)) if variable else None
        return entity if entity and entity.value.strip() else None

    def name_of(self, role: str, values: dict[int, Any]) -> str:
        entity = self.entity(role, values)
        return entity.value.strip() if entity else ""

    def reference(self, role: str, values: dict[int, Any], place: int) -> Reference | None:
        """The record of the person, organization or concept of a statement."""
        entity = self.entity(role, values)
        if not entity:
            return None
        attributes = self.present(self.attributes.get(dna_entity_key(entity), {}))
        return self.store.name(
            (RECORD_TYPES_OF_ROLES[role],),
            entity.value.strip(),
            line=place,
            column=role,
            fields={"attributes": attributes} if attributes else None,
        )

    def stance(self, values: dict[int, Any], place: int) -> str | None:
        """The stance that the agreement means; the sign of an integer counts."""
        variable = self.roles.get("agreement")
        if not variable:
            return "support"
        value = values.get(variable.id)
        if value is None:
            message = "is missing: the claim has no position"
            self.store.warn(place, "agreement", message)
            return None
        if variable.type == BOOLEAN:
            return "support" if value else "oppose"
        if abs(value) > 1:
            self.store.tell("values of agreement whose magnitude is left out")
        return "neutral" if value == 0 else "support" if value > 0 else "oppose"

    def shown_value(self, variable: DNAVariable, value: Any) -> str:
        if variable.type == SHORT_TEXT:
            return self.entities[value].value if value in self.entities else ""
        return ("false", "true")[bool(value)] if variable.type == BOOLEAN else str(value)

    def span(self, statement: DNAStatement) -> dict[str, Any]:
        """The exact words of a statement and their place in the document, as a report has them."""
        if statement.document != self.document:
            self.document, self.text = statement.document, self.project.text(statement.document)
        words = exact_words(self.text, statement.start, statement.stop)
        if not words:
            message = "is not within the text of the document: the claim has no exact words"
            place = PLACES + statement.id
            self.store.warn(place, "span", message, f"{statement.start}-{statement.stop}")
            return {}
        if len(words["exact"]) > MAX_EXACT:
            self.store.tell(f"spans left out: longer than {MAX_EXACT:,} characters")
            return {}
        return words


def source_id(document: DNADocument, date: str | None) -> str:
    title = name_slug(document.title) or f"document-{document.id}"
    return f"{title}-{date or 'undated'}"


def claim_text(claimant: str, concept: str, stance: str | None, span: dict[str, Any]) -> str:
    """A paraphrase of a statement: whether the claimant agrees with the concept."""
    if concept and stance:
        return f"{claimant} {VERBS[stance]}: {concept}"
    return concept or span.get("exact") or f"{claimant} makes a statement"


def exact_words(text: str, start: int, stop: int) -> dict[str, Any]:
    """The words between two places in UTF-16, with places in the text's NFC form."""
    units = text.encode("utf-16-le", "surrogatepass")
    if not 0 <= start < stop <= len(units) // 2:
        return {}
    before, words = (
        units[2 * first : 2 * end].decode("utf-16-le", "replace")
        for first, end in ((0, start), (start, stop))
    )
    # a report's words have no white space around them
    before += words[: len(words) - len(words.lstrip())]
    before, exact = (unicodedata.normalize("NFC", part) for part in (before, words.strip()))
    end = len(before) + len(exact)
    if not exact or unicodedata.normalize("NFC", text)[len(before) : end] != exact:
        return {}
    return {"exact": exact, "start": len(before), "end": end}


def dna_entity_key(entity: DNAEntity) -> tuple:
    """Entities with the same key have one record."""
    name = entity.value.strip()
    return entity.variable, folded_name(name), script_key(name)


def joined_attributes(
    entities: dict[int, DNAEntity], attributes: dict[int, dict[str, str]]
) -> dict[tuple, dict[str, str]]:
    """The attributes of the records that entities make; of two values the first counts."""
    joined: dict[tuple, dict[str, str]] = {}
    for id, entity in entities.items():
        if id in attributes:
            key = dna_entity_key(entity)
            joined[key] = attributes[id] | joined.get(key, {})
    return joined


def quoted_names(names: Any) -> str:
    return ", ".join(map(repr, names)) or "none"
