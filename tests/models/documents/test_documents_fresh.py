"""Documents are never stale: whatever a load writes, all is as if it had been made from scratch."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from models import Claim
from models.database.connection import database, fetch_all
from models.documents import batch, related, render
from models.documents.batch import RenderBatch
from seeds import loader
from seeds.loader import load as load_files
from seeds.problems import Refused
from tests.engines import ENGINE, EXAMPLES, scratch
from tests.models import plain
from tests.models.kept import Kept, dump, keys, stored_documents
from tests.models.worlds import TYPES, World

# a deeper run: CLAIMS_EXAMPLES=2000 pytest tests/models/test_documents_fresh.py
DEEPER = os.environ.get("CLAIMS_EXAMPLES")
OPERATIONS = [
    "retitle", "retitle", "retitle", "relink", "relink", "relink", "change", "add", "rename",
    "remove", "merge", "forget",
]  # fmt: skip


class Writes(RuleBasedStateMachine):
    """A dataset that random loads write to, and what it must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.kept = Kept(Path(self.folder.name))
        self.dataset = scratch()
        self.dataset.__enter__()

    def teardown(self) -> None:
        self.dataset.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        world = World(self.kept.records)
        for type in TYPES:
            for _ in range(data.draw(st.integers(1, 3), label=type)):
                world.add(data.draw, type)
        self.load(world, data.draw, prune=False)

    def load(self, world: World, draw: Callable, *, prune: bool) -> None:
        note(f"prune={prune}")
        files = world.files(draw, prune=prune)
        # how many things those know who compose claims elsewhere; None where nobody does
        known = draw(st.sampled_from([None, 1, 4, 50]), label="known")
        with composed_elsewhere(known) if known else nullcontext():
            self.kept.load(world, files, prune=prune)
        # one time in three against a fresh dataset, which costs as much as all the rest
        self.kept.check(fresh=bool(DEEPER) or self.kept.moment % 3 == 1)

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        """Some changes at once, by a load of everything or of what they need."""
        draw = data.draw
        world = World(self.kept.records)
        for _ in range(draw(st.integers(1, 4), label="changes")):
            world.redraw(draw, draw(st.sampled_from(OPERATIONS)), draw(st.sampled_from(TYPES)))
        prune = world.whole or draw(st.booleans(), label="prune")
        if not draw(st.integers(0, 7), label="attempt"):
            self.attempt(world, draw)
        self.load(world, draw, prune=prune)

    def attempt(self, world: World, draw: Callable) -> None:
        """A load with something wrong, or a dry run, changes nothing."""
        before = dump()
        files = world.files(draw, prune=True)
        if draw(st.booleans(), label="dry run"):
            self.kept.loaded(files, prune=True, dry_run=True)
        else:
            stray = {"id": "stray", "text": "Goes astray.", "actor": "nobody-at-all"}
            path = self.kept.file([*files, ("claim", stray)])
            with pytest.raises(Refused, match="1 problem"):
                load_files([path], prune=True, confirmed=True)
        assert dump() == before


@contextmanager
def composed_elsewhere(known: int) -> Iterator[None]:
    """New claims are composed with no database at hand, as by processes that know some things."""

    @contextmanager
    def working(work: Callable, count: int) -> Iterator[Callable]:
        def compose(parts: Iterable) -> Iterator:
            for part in parts:
                with pytest.MonkeyPatch.context() as elsewhere:
                    for module in (batch, related, render):
                        elsewhere.setattr(module, "database", None)
                    done = deepcopy(work)(part)
                yield done

        yield compose

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "MANY", 1)
        patch.setattr(loader, "several", lambda: 1)
        patch.setattr(loader, "working", working)
        patch.setattr("seeds.parallel.render.MAX_RELATED", known + 1)
        patch.setattr(related, "MAX_RELATED", known + 1)
        yield


Writes.TestCase.settings = settings(
    derandomize=not DEEPER,
    database=None,
    deadline=None,
    max_examples=int(DEEPER or 40 * EXAMPLES),
    stateful_step_count=10,
    # the notes of a failure are readable as they are, and shrinking takes minutes
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestWrites = pytest.mark.slow(Writes.TestCase)


# one change at a time, in a dataset where each thing is shown in one place alone

FULL = {
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
        {"id": "parent", "name": "Parent", "kind": "summit", "start_date": "2025"},
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
EACH = [(section[:-1], record["id"]) for section, found in FULL.items() for record in found]
BY_ID = [f"{type} {id}" for type, id in EACH]


@pytest.fixture
def full(dataset: None, tmp_path: Path) -> Kept:
    """A loaded dataset where everything is linked, open."""
    kept = Kept(tmp_path)
    world = World(kept.records)
    for section, found in FULL.items():
        for record in found:
            defaults = {"actors": {"kind": "person"}, "claims": {"status": "coded"}}
            world.put(section[:-1], record["id"], {**defaults.get(section, {}), **record})
    kept.load(world, dirty(world), prune=False)
    return kept


def dirty(world: World) -> list[tuple[str, dict]]:
    """The records that a load needs that is not a whole one."""
    return [(key[0], record) for key, record in world.records.items() if key in world.dirty]


def test_documents_are_written_as_the_contract_has_them(full: Kept) -> None:
    """To the order of their members."""
    found = stored_documents()
    expected = plain.documents(full.records, full.times)
    assert found.keys() == expected.keys() == set(EACH)
    for key in EACH:
        assert json.dumps(found[key], indent=1) == json.dumps(expected[key], indent=1)


@pytest.mark.parametrize(("type", "id"), EACH, ids=BY_ID)
def test_a_new_name(full: Kept, type: str, id: str) -> None:
    world = World(full.records)
    world.put(type, id, {{"source": "title"}.get(type, "name" if type in NAMED else "text"): "New"})
    full.load(world, dirty(world), prune=False)
    full.check(fresh=True)


NAMED = ("organization", "actor", "topic", "event")


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "among all"])
@pytest.mark.parametrize(("type", "id"), EACH, ids=BY_ID)
def test_a_new_id(full: Kept, type: str, id: str, beside: bool) -> None:
    """Its former id says whose it is; the records that refer to it change, too."""
    world = World(full.records)
    world.rename(type, id, "new")
    files = [(key[0], record) for key, record in world.records.items()]
    full.load(world, files if beside else dirty(world), prune=beside)
    full.check(fresh=True)


@pytest.mark.parametrize(("type", "id"), EACH, ids=BY_ID)
def test_gone(full: Kept, type: str, id: str) -> None:
    """With all references to it."""
    world = World(full.records)
    world.remove(type, id)
    full.load(world, [(key[0], one) for key, one in world.records.items()], prune=True)
    full.check(fresh=True)


@pytest.mark.parametrize(("type", "id"), EACH, ids=BY_ID)
def test_merged(full: Kept, type: str, id: str) -> None:
    """Another record of its type takes its place everywhere."""
    world = World(full.records)
    other = next(other for other in world.ids(type) if other != id)
    world.merge(type, id, other)
    full.load(world, [(key[0], one) for key, one in world.records.items()], prune=True)
    full.check(fresh=True)


FIELDS = [
    (section[:-1], record["id"], field)
    for section, found in FULL.items()
    for record in found
    for field in record
    if field not in ("id", "name", "title", "text", "kind", "start_date")
    # a claim has a claimant
    and (record["id"], field) not in (("target", "actor"), ("reply", "organization"))
]


@pytest.mark.parametrize(("type", "id", "field"), FIELDS, ids=map(" ".join, FIELDS))
def test_a_field_goes_and_comes_back(full: Kept, type: str, id: str, field: str) -> None:
    value = full.records[type, id][field]
    default = "coded" if field == "status" else None
    for one in (default, value):
        world = World(full.records)
        world.put(type, id, {field: one})
        full.load(world, dirty(world), prune=False)
        full.check(fresh=True)


OTHERWISE = [
    ("topic", "leaf", {"parent": "other-root"}),
    ("topic", "branch", {"parent": "of-position"}),
    ("topic", "root", {"parent": "other-root"}),
    ("organization", "child", {"parent": "alone"}),
    ("source", "source", {"publisher": "alone"}),
    ("source", "source", {"origin": "alone"}),
    ("source", "source", {"url": "https://example.org/b#c", "date": "2024"}),
    ("source", "copy", {"publisher": "publisher", "origin": None}),
    ("actor", "about", {"kind": "person"}),
    ("actor", "claimant", {"kind": "group"}),
    ("actor", "claimant", {"memberships": [{"organization": "claimant", "role": "Head"}]}),
    ("event", "event", {"country": "NO"}),
    ("event", "event", {"organizers": ["alone", "claimant"], "participants": [{"actor": "alone"}]}),
    ("position", "taken", {"topics": ["leaf", "root"]}),
    ("claim", "claim", {"status": "draft"}),
    ("claim", "claim", {"status": "withdrawn", "date": None}),
    ("claim", "reply", {"status": "verified"}),
    ("claim", "claim", {"date": "2024-12"}),
    ("claim", "claim", {"role": "Guest"}),
    ("claim", "claim", {"actor": "alone", "organization": "employer"}),
    ("claim", "claim", {"event": "parent"}),
    ("claim", "claim", {"topics": ["other-root", "leaf", "branch"]}),
    ("claim", "claim", {"positions": [{"position": "taken", "stance": "oppose"}]}),
    ("claim", "claim", {"positions": [{"position": "alone", "stance": "neutral"}]}),
    ("claim", "claim", {"reports": [{"source": "alone"}, {"source": "alone"}]}),
    ("claim", "claim", {"relations": [{"kind": "supports", "claim": "reply"}]}),
    ("claim", "claim", {"about": [{"actor": "alone"}], "addressees": [{"actor": "alone"}]}),
    ("claim", "claim", {"about": [{"actor": "about"}, {"organization": "about"}]}),
    ("claim", "claim", {"reports": [{"source": "copy"}, {"source": "source"}]}),
    ("claim", "claim", {"event": None}),
    ("claim", "target", {"date": "2023", "text": "Another"}),
]


@pytest.mark.parametrize(
    ("type", "id", "values"),
    OTHERWISE,
    ids=[f"{type} {id} {' '.join(values)}" for type, id, values in OTHERWISE],
)
def test_another_value(full: Kept, type: str, id: str, values: dict) -> None:
    world = World(full.records)
    world.put(type, id, values)
    full.load(world, dirty(world), prune=False)
    full.check(fresh=True)


# names that JSON writes in another way, and that other texts hold
NAMES = ["Another", 'The "Claimant"', "back\\slash", "Ömer Çelik", "line\u2028end", "Claimant's"]
# members and texts of a claim that read like how its document shows the claimant
ALIKE = {
    "text": '"actor":{"id":"claimant","name":"Claimant"',
    "attributes": {"actor": "Claimant", "id": "claimant", "name": "Claimant"},
    "about": [{"actor": "claimant"}, {"organization": "claimant"}],
}


@pytest.fixture
def rendered(full: Kept, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records whose documents are rendered from now on."""
    found: list[str] = []
    documents_of = render.documents_of

    def note(batch: RenderBatch) -> Iterator[tuple[int, dict]]:
        found.extend(" ".join(keys()[row["key"]]) for row in batch.rows)
        return documents_of(batch)

    monkeypatch.setattr(render, "documents_of", note)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_claimants_new_name_takes_the_old_ones_place(
    full: Kept, name: str, rendered: list[str]
) -> None:
    """In the documents of its claims, which are not rendered but where they show it elsewhere."""
    for id, values in (("claim", ALIKE), ("target", {"attributes": ALIKE["attributes"]})):
        world = World(full.records)
        world.put("claim", id, values)
        full.load(world, dirty(world), prune=False)
    rendered.clear()
    for one in (name, "Claimant"):
        world = World(full.records)
        world.put("actor", "claimant", {"name": one})
        full.load(world, dirty(world), prune=False)
        assert sorted(rendered) == ["actor claimant", "claim claim"]
        full.check(fresh=True)
        rendered.clear()


def test_what_claims_do_not_show_of_a_claimant_leaves_them(full: Kept, rendered: list[str]) -> None:
    world = World(full.records)
    world.put("actor", "claimant", {"description": "Speaks."})
    full.load(world, dirty(world), prune=False)
    assert rendered == ["actor claimant"]
    full.check(fresh=True)


# what a change of one claim has rendered, beside the claim and those that are related to it
RENDERED = [
    ({"text": "Another", "attributes": {"a": "1"}}, set()),
    ({"quote": "Words"}, set()),
    ({"relations": []}, set()),
    ({"about": [{"actor": "alone"}]}, {"actor about", "actor alone", "organization about"}),
    ({"topics": ["root"]}, {"topic leaf", "topic branch", "topic root"}),
    ({"topics": ["other-root"]}, {"topic leaf", "topic branch", "topic root", "topic other-root"}),
    ({"event": None}, {"event event", "actor claimant", "organization claimant"}),
    ({"reports": [{"source": "alone"}]}, {"source source", "source copy", "source alone"}),
    ({"positions": []}, {"position taken"}),
]  # fmt: skip


@pytest.mark.parametrize(("values", "others"), RENDERED, ids=[str(one) for one, _ in RENDERED])
def test_what_a_claim_does_not_change_is_left_alone(
    full: Kept, rendered: list[str], values: dict, others: set[str]
) -> None:
    world = World(full.records)
    world.put("claim", "claim", values)
    full.load(world, dirty(world), prune=False)
    assert set(rendered) == {"claim claim", "claim target", "claim reply"} | others
    assert len(rendered) == len(set(rendered))
    full.check(fresh=True)


def test_a_new_claim_is_rendered_once_whatever_else_changes(
    full: Kept, rendered: list[str]
) -> None:
    world = World(full.records)
    world.put("organization", "claimant", {"name": "Renamed"})
    world.put("source", "source", {"title": "Retitled"})
    said = {"text": "New", "organization": "claimant", "status": "coded"}
    said |= {"reports": [{"source": "source"}]}
    related = {"relations": [{"kind": "repeats", "claim": "new"}]}
    for id, more in (("new", {}), ("newer", related), ("newest", {})):
        world.put("claim", id, {"id": id, **said, **more})
    full.load(world, dirty(world), prune=False)
    # those in relations again, when both are there
    times = {id: rendered.count(f"claim {id}") for id in ("new", "newer", "newest", "claim")}
    assert times == {"new": 2, "newer": 2, "newest": 1, "claim": 1}
    full.check(fresh=True)


# what is written of a claim's rows, beside its names
WRITTEN = [
    ({"text": "Another"}, ["update claim.text"]),
    ({"text": "Another", "quote": "Words"}, ["update claim.quote", "update claim.text"]),
    ({"topics": ["leaf", "root"]}, ["insert claim_topic"]),
    ({"topics": ["root"]}, ["delete claim_topic", "insert claim_topic"]),
    ({"about": [{"organization": "about"}]}, ["delete about"]),
    ({"relations": []}, ["delete relation"]),
    ({"event": "parent"}, ["update claim.country", "update claim.event"]),
]


@pytest.mark.skipif(ENGINE != "sqlite", reason="watched by triggers of SQLite")
@pytest.mark.parametrize(("values", "written"), WRITTEN, ids=[str(one) for one, _ in WRITTEN])
def test_rows_and_columns_that_stay_are_not_written(
    full: Kept, values: dict, written: list[str]
) -> None:
    database.execute_sql("CREATE TEMP TABLE seen (what TEXT)")
    tables = [model._meta.table_name for model in (Claim, *Claim.LINKS)]
    watched = [
        (f"{verb} {table}", f"{verb} ON {table}")
        for table in tables
        for verb in ("insert", "delete")
    ]
    watched += [
        (f"update claim.{one.column_name}", f"UPDATE OF {one.column_name} ON claim")
        for one in Claim._meta.sorted_fields
    ]
    for n, (what, event) in enumerate(watched):
        database.execute_sql(
            f"CREATE TEMP TRIGGER watch{n} AFTER {event}"
            f" BEGIN INSERT INTO seen VALUES ('{what}'); END"
        )
    world = World(full.records)
    world.put("claim", "claim", values)
    full.load(world, dirty(world), prune=False)
    assert [
        what for (what,) in fetch_all("SELECT DISTINCT what FROM seen ORDER BY what")
    ] == written


def small(*claims: dict, organizations: tuple[str, ...] = ("nato", "un")) -> dict[str, list]:
    return {
        "organizations": [{"id": id, "name": id.title(), "kind": "other"} for id in organizations],
        "claims": list(claims),
    }


CLAIM = {"id": "c", "text": "C", "organization": "nato"}


@pytest.mark.parametrize("type", ["organization", "claim"])
def test_a_load_may_prune_the_newest_record_and_add_one(load: Callable, type: str) -> None:
    """A key never comes back, so that nothing takes one record for another."""
    newest = {**CLAIM, "id": "newest"}
    load(**small(CLAIM, newest))
    (key,) = fetch_all("SELECT key FROM record WHERE id = 'newest'")[0]
    new = {**CLAIM, "id": "new"}
    if type == "claim":
        plan = load(**small(CLAIM, new), prune=True)
    else:
        plan = load(**small(CLAIM, organizations=("nato", "un", "eu")), prune=True)
    assert (plan.added.count, plan.removed.count, plan.unchanged) == (1, 1, 3)
    assert fetch_all(f"SELECT MAX(key) > {key} FROM record") == [(1,)]
    assert stored_documents().keys() == set(keys().values())
    # nor after the newest is gone without a successor
    load(**small(CLAIM), prune=True)
    load(**small(CLAIM, new))
    assert fetch_all(f"SELECT MAX(key) > {key + 1} FROM record") == [(1,)]


@pytest.mark.parametrize(
    ("section", "items", "problems"),
    [
        (
            "positions",
            [{"position": "x", "stance": "support"}, {"position": "y", "stance": "oppose"}],
            ["positions.0.position: 'x'", "positions.1.position: 'y'"],
        ),
        (
            "about",
            [{"actor": "x"}, {"organization": "un"}, {"organization": "y"}],
            ["about.0.actor: 'x'", "about.2.organization: 'y'"],
        ),
        (
            "addressees",
            [{"actor": "x"}, {"actor": "y"}],
            ["addressees.0.actor: 'x'", "addressees.1.actor: 'y'"],
        ),
        ("topics", ["x", "y"], ["topics.0: 'x'", "topics.1: 'y'"]),
        (
            "reports",
            [{"source": "x"}, {"source": "x"}],
            ["reports.0.source: 'x'", "reports.1.source: 'x'"],
        ),
        (
            "relations",
            [{"kind": "repeats", "claim": "x"}, {"kind": "supports", "claim": "x"}],
            ["relations.0.claim: 'x'", "relations.1.claim: 'x'"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_dangling_references_are_listed(
    load: Callable, section: str, items: list, problems: list[str]
) -> None:
    load(**small(CLAIM))
    before = stored_documents()
    with pytest.raises(Refused) as refused:
        load(**small({**CLAIM, section: items}))
    said = [str(problem).split("claim c: ")[1] for problem in refused.value.problems]
    assert [one.split(": there is no")[0] for one in said] == problems
    assert stored_documents() == before


TWICE = {
    "positions": [{"position": "was", "stance": "support"}, {"position": "is", "stance": "oppose"}],
    "topics": ["is", "was"],
    "about": [{"actor": "was"}, {"actor": "is"}],
    "addressees": [{"actor": "is"}, {"actor": "was"}],
    "relations": [{"kind": "repeats", "claim": "was"}, {"kind": "repeats", "claim": "is"}],
}


@pytest.mark.parametrize("there", [False, True], ids=["at once", "loaded before"])
@pytest.mark.parametrize(("section", "items"), TWICE.items(), ids=TWICE)
def test_the_same_thing_by_its_id_and_by_a_former_one(
    load: Callable, section: str, items: list, there: bool
) -> None:
    """It stands twice in the list, else the export would not load back."""
    beside = {
        "positions": [{"id": "is", "text": "P", "former_ids": ["was"]}],
        "topics": [{"id": "is", "name": "T", "former_ids": ["was"]}],
        "actors": [{"id": "is", "name": "A", "former_ids": ["was"]}],
        "claims": [{**CLAIM, "id": "is", "former_ids": ["was"]}],
    }
    organizations = small()["organizations"]
    if there:
        load(organizations=organizations, **beside)
        beside["claims"] = []
    beside["claims"] = [*beside["claims"], {**CLAIM, section: items}]
    with pytest.raises(Refused, match="1 problem"):
        load(organizations=organizations, **beside)
    assert fetch_all("SELECT COUNT(*) FROM record WHERE id = 'c'") == [(0,)]


def test_a_claim_relates_to_itself_by_a_former_id(load: Callable) -> None:
    itself = {**CLAIM, "former_ids": ["b"], "relations": [{"kind": "repeats", "claim": "b"}]}
    with pytest.raises(Refused, match="1 problem"):
        load(**small(itself))
