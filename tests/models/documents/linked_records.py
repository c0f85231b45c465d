"""Records with every kind of link, where each record is shown in one place only."""

LINKED: dict[str, list[dict]] = {
    "organizations": [
        {"id": "claimant", "name": "Claimant", "kind": "alliance", "aliases": ["C"]},
        {"id": "about", "name": "About", "kind": "state", "country": "TR"},
        {"id": "addressee", "name": "Addressee", "kind": "ngo"},
        {"id": "reviewer", "name": "Reviewer", "kind": "media"},
        {"id": "publisher", "name": "Publisher", "kind": "media", "url": "https://example.org"},
        {"id": "origin", "name": "Origin", "kind": "media"},
        {"id": "parent", "name": "Parent", "kind": "other", "attributes": {"b": "1", "a": "2"}},
        {"id": "child", "name": "Child", "kind": "other", "parent": "parent"},
        {"id": "employer", "name": "Employer", "kind": "other"},
        {"id": "organizer", "name": "Organizer", "kind": "other"},
        {"id": "participant", "name": "Participant", "kind": "other"},
        {"id": "alone", "name": "Alone", "kind": "other", "description": "Nobody knows it."},
    ],
    "actors": [
        {
            "id": "claimant",
            "name": "Claimant",
            "memberships": [
                {"organization": "claimant", "role": "Spokesman", "start_date": "2020"},
                {"organization": "claimant", "role": "Chair", "start_date": "2025-05"},
                {"organization": "employer", "role": "Clerk", "end_date": "2024"},
            ],
        },
        {"id": "about", "name": "About", "kind": "group"},
        {"id": "addressee", "name": "Addressee", "kind": "unnamed"},
        {"id": "participant", "name": "Participant", "url": "https://example.org"},
        {
            "id": "alone",
            "name": "Alone",
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        },
    ],
    "topics": [
        {"id": "root", "name": "Root"},
        {"id": "branch", "name": "Branch", "parent": "root", "aliases": ["Bough"]},
        {"id": "leaf", "name": "Leaf", "parent": "branch"},
        {"id": "of-position", "name": "Of position", "description": "Of a position alone."},
        {"id": "other-root", "name": "Other root"},
    ],
    "positions": [
        {"id": "taken", "text": "Taken", "topics": ["of-position"]},
        {"id": "alone", "text": "Alone"},
    ],
    "events": [
        {"id": "whole", "name": "Whole", "kind": "summit", "start_date": "2025"},
        {
            "id": "parent",
            "name": "Parent",
            "kind": "summit",
            "start_date": "2025",
            "parent": "whole",
        },
        {
            "id": "event",
            "name": "Event",
            "kind": "interview",
            "start_date": "2025-05-14",
            "end_date": "2025-05-15",
            "place": "Antalya",
            "country": "TR",
            "parent": "parent",
            "organizers": ["organizer"],
            "participants": [{"organization": "participant"}, {"actor": "participant"}],
        },
        {"id": "other-whole", "name": "Other whole", "kind": "other", "start_date": "2025"},
    ],
    "sources": [
        {
            "id": "source",
            "title": "Source",
            "kind": "article",
            "publisher": "publisher",
            "origin": "origin",
            "authors": ["A", "B"],
            "date": "2025-05-15",
            "url": "https://example.org/a",
        },
        {"id": "copy", "title": "Copy", "kind": "article", "origin": "origin"},
        {"id": "alone", "title": "Alone", "kind": "other", "language": "en"},
    ],
    "claims": [
        {
            "id": "claim",
            "text": "Claim",
            "actor": "claimant",
            "organization": "claimant",
            "date": "2025-05-14",
            "event": "event",
            "topics": ["leaf"],
            "positions": [{"position": "taken", "stance": "support"}],
            "about": [{"organization": "about"}, {"actor": "about"}],
            "addressees": [{"actor": "addressee"}, {"organization": "addressee"}],
            "reports": [
                {"source": "source", "attribution": "direct", "exact": "Words", "prefix": "a-b "},
                {"source": "copy", "attribution": "indirect"},
            ],
            "relations": [{"kind": "repeats", "claim": "target"}],
            "reviews": [{"organization": "reviewer", "rating": "True", "date": "2025"}],
            "attributes": {"z": "1", "a": "2"},
        },
        {"id": "target", "text": "Target", "actor": "claimant", "date": "2025", "role": "Guest"},
        {
            "id": "reply",
            "text": "Reply",
            "organization": "claimant",
            "relations": [{"kind": "contradicts", "claim": "claim"}],
            "status": "draft",
        },
    ],
}

# (type, id) of each record
LINKED_KEYS = [
    (section[:-1], record["id"]) for section, records in LINKED.items() for record in records
]
