"""Every filter of every list, as a table: a query and the ids that it gives."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.world import ids_of, pages

ALL = {
    "claims": "spend oppose gas communique loose letter vote march",
    "actors": "rutte erdogan isik-a isik-b obrien protesters official kaya",
    "organizations": "nato tuerkiye norway turkish-mfa anadolu daily herald unity-party factcheck"
    " acme",
    "events": "summit session interview campaign quiet",
    "sources": "aa reprint herald-report declaration leaf blog",
    "topics": "defence spending procurement energy",
    "positions": "five-percent join pipelines",
}

CLAIMS = [
    ("", ALL["claims"]),
    # actor
    ("actor=rutte", "spend oppose"),
    ("actor=Mark Rutte", "spend oppose"),
    ("actor=rutte mark", "spend oppose"),
    ("actor=the secretary", "spend oppose"),
    ("actor=rutte-mark", "spend oppose"),
    ("actor=wikidata:Q57792", "spend oppose"),
    ("actor=actor:rutte", "spend oppose"),
    ("actor=Erdogan", "gas"),
    ("actor=AYSE ISIK", "loose letter"),
    ("actor=isik-a", "loose"),
    ("actor=demir", "letter"),
    ("actor=kaya", ""),
    ("actor=official", ""),
    ("actor=nobody", ""),
    ("actor=rutte&actor=obrien", "spend oppose vote"),
    ("actor=rutte&actor=nobody", "spend oppose"),
    ("actor=rutte&actor=rutte", "spend oppose"),
    ("actor=!rutte", "gas communique loose letter vote march"),
    ("actor=!Mark Rutte", "gas communique loose letter vote march"),
    ("actor=!rutte&actor=!Erdogan", "communique loose letter vote march"),
    ("actor=!isik", "spend oppose gas communique vote march"),
    ("actor=!nobody", ALL["claims"]),
    ("actor=rutte&actor=!rutte", ""),
    ("actor=rutte&actor=obrien&actor=!rutte", "vote"),
    ("actor=nobody&actor=!rutte", ""),
    # organization
    ("organization=nato", "spend oppose communique"),
    ("organization=atlantic alliance", "spend oppose communique"),
    ("organization=north-atlantic-alliance", "spend oppose communique"),
    ("organization=wikidata:Q7184", "spend oppose communique"),
    ("organization=TURKIYE", "gas"),
    ("organization=Turkey", "gas"),
    ("organization=turkish-mfa", "letter"),
    ("organization=norway", ""),
    ("organization=factcheck", ""),
    ("organization=nato&organization=unity party", "spend oppose communique vote"),
    ("organization=!nato", "gas loose letter vote march"),
    ("organization=!nato&organization=!Turkey", "loose letter vote march"),
    # event
    ("event=summit", "gas communique"),
    ("event=Hague Summit", "gas communique"),
    ("event=hague-summit", "gas communique"),
    ("event=wikidata:Q2", "gas communique"),
    ("event=interview antalya", "spend"),
    ("event=session", "march"),
    ("event=quiet", ""),
    ("event=session&event=campaign", "vote march"),
    ("event=!summit", "spend oppose loose letter vote march"),
    ("event=!summit&event=!interview", "oppose loose letter vote march"),
    # source
    ("source=aa", "spend gas march"),
    ("source=Interview with Rutte", "spend gas march"),
    ("source=interview-aa", "spend gas march"),
    ("source=wikidata:Q3", "spend gas march"),
    ("source=leaf", "letter"),
    ("source=blog", ""),
    ("source=aa&source=reprint", "spend gas march"),
    ("source=aa&source=leaf", "spend gas letter march"),
    ("source=!aa", "oppose communique loose letter vote"),
    ("source=!aa&source=!declaration", "oppose loose letter vote"),
    ("source=declaration&source=!aa", "communique"),
    # publisher
    ("publisher=anadolu", "spend gas march"),
    ("publisher=The Daily", "spend march"),
    ("publisher=daily&publisher=herald", "spend oppose march"),
    ("publisher=nato", "gas communique"),
    ("publisher=norway", ""),
    ("publisher=!anadolu", "oppose communique loose letter vote"),
    ("publisher=!daily&publisher=!NATO", "oppose loose letter vote"),
    # attribution
    ("attribution=direct", "spend communique march"),
    ("attribution=indirect", "spend gas letter"),
    ("attribution=mixed", "oppose march"),
    ("attribution=direct&attribution=mixed", "spend oppose communique march"),
    # source, publisher and attribution hold of one report
    ("source=aa&attribution=direct", "spend"),
    ("source=aa&attribution=indirect", "gas"),
    ("source=aa&attribution=mixed", "march"),
    ("source=aa&source=reprint&attribution=direct", "spend march"),
    ("source=reprint&attribution=indirect", "spend"),
    ("source=declaration&attribution=indirect", ""),
    ("publisher=daily&attribution=direct", "march"),
    ("publisher=anadolu&attribution=direct", "spend"),
    ("publisher=nato&attribution=direct", "communique"),
    ("source=reprint&publisher=anadolu", ""),
    ("source=reprint&publisher=daily", "spend march"),
    ("source=reprint&publisher=daily&attribution=mixed", ""),
    ("source=aa&publisher=anadolu&attribution=mixed", "march"),
    # an exclusion ignores the companion
    ("source=!aa&attribution=direct", "communique"),
    ("source=!reprint&attribution=direct", "communique"),
    ("source=!declaration&attribution=direct", "spend march"),
    ("publisher=!anadolu&attribution=indirect", "letter"),
    ("publisher=!daily&source=aa", "gas"),
    # topic
    ("topic=defence", "spend oppose communique letter"),
    ("topic=Defense", "spend oppose communique letter"),
    ("topic=military", "spend oppose communique letter"),
    ("topic=wikidata:Q1", "spend oppose communique letter"),
    ("topic=spending", "spend oppose letter"),
    ("topic=procurement", "oppose"),
    ("topic=Power", "gas communique letter"),
    ("topic=nonsense", ""),
    ("topic=defence&topic=energy", "spend oppose gas communique letter"),
    ("topic=procurement&topic=energy", "oppose gas communique letter"),
    ("topic=!defence", "gas loose vote march"),
    ("topic=!procurement", "spend gas communique loose letter vote march"),
    ("topic=defence&topic=!energy", "spend oppose"),
    ("topic=defence&topic=energy&topic=!procurement", "spend gas communique letter"),
    # position and stance hold of one position
    ("position=five-percent", "spend oppose communique"),
    ("position=Allies should spend five percent of GDP on defence", "spend oppose communique"),
    ("position=five gdp", "spend oppose communique"),
    ("position=two-percent", "spend oppose communique"),
    ("position=wikidata:Q1", "spend oppose communique"),
    ("position=join", "spend oppose vote"),
    ("position=nonsense", ""),
    ("position=five-percent&position=join", "spend oppose communique vote"),
    ("stance=support", "spend oppose communique"),
    ("stance=oppose", "oppose gas vote"),
    ("stance=neutral", "spend vote"),
    ("stance=support&stance=neutral", "spend oppose communique vote"),
    ("position=five-percent&stance=support", "spend communique"),
    ("position=five-percent&stance=oppose", "oppose"),
    ("position=five-percent&stance=neutral", ""),
    ("position=join&stance=support", "oppose"),
    ("position=join&stance=oppose", "vote"),
    ("position=join&position=pipelines&stance=oppose", "gas vote"),
    ("position=join&stance=support&stance=oppose", "oppose vote"),
    ("position=pipelines&stance=support", "communique"),
    ("position=!five-percent", "gas loose letter vote march"),
    ("position=!five-percent&position=!join", "gas loose letter march"),
    ("position=join&position=!five-percent", "vote"),
    ("position=!five-percent&stance=support", ""),
    ("position=!five-percent&stance=oppose", "gas vote"),
    ("position=!join&stance=support", "communique"),
    ("position=join&position=!pipelines&stance=oppose", ""),
    # about, addressee
    ("about=nato", "gas march"),
    ("about=NATO", "gas march"),
    ("about=organization:nato", "gas march"),
    ("about=actor:nato", ""),
    ("about=actor:rutte", "gas"),
    ("about=Rutte", "gas"),
    ("about=Turkey", "spend"),
    ("about=isik-a", ""),
    ("about=tuerkiye&about=protesters", "spend vote"),
    ("about=nato&about=rutte", "gas march"),
    ("about=!nato", "spend oppose communique loose letter vote"),
    ("about=!organization:nato", "spend oppose communique loose letter vote"),
    ("about=nato&about=!rutte", "march"),
    ("addressee=nato", "spend"),
    ("addressee=Turkiye", "communique"),
    ("addressee=actor:erdogan", "communique"),
    ("addressee=rutte", "letter"),
    ("addressee=daily", ""),
    ("addressee=tuerkiye&addressee=erdogan", "communique"),
    ("addressee=!tuerkiye", "spend oppose gas loose letter vote march"),
    ("addressee=!nato&addressee=!rutte", "oppose gas communique loose vote march"),
    # form
    ("form=speech", "oppose gas"),
    ("form=speech&form=vote", "oppose gas vote"),
    ("form=other", ""),
    # language
    ("language=en", "spend oppose"),
    ("language=EN", "spend oppose"),
    ("language=en-GB", "oppose"),
    ("language=en-gb", "oppose"),
    ("language=en-US", ""),
    ("language=fr", ""),
    ("language=e", None),
    ("language=en&language=de", "spend oppose gas"),
    ("language=!en", "gas communique loose letter vote march"),
    ("language=!en&language=!de", "communique loose letter vote march"),
    ("language=en&language=!en-GB", "spend"),
    # place: the claim's own, else the event's
    ("place=Oslo", "oppose"),
    ("place=ANTALYA", "spend loose"),
    ("place=harbour antalya", "loose"),
    ("place=The Hague", "communique march"),
    ("place=hague forum", "march"),
    ("place=hag", ""),
    ("place=ankara", "gas"),
    ("place=paris", ""),
    ("place=oslo&place=hague", "oppose communique march"),
    # country, of the event
    ("country=TR", "spend"),
    ("country=tr", "spend"),
    ("country=Türkiye", "spend"),
    ("country=Turkey", "spend"),
    ("country=tuerkiye", "spend"),
    ("country=NL", "gas communique"),
    ("country=Norway", "vote"),
    ("country=Sweden", ""),
    ("country=Atlantis", ""),
    ("country=NL&country=NO", "gas communique vote"),
    ("country=!NL", "spend oppose loose letter vote march"),
    ("country=!NL&country=!Turkey", "oppose loose letter vote march"),
    # coder
    ("coder=ann", "spend"),
    ("coder=Ann", "oppose"),
    ("coder=ann&coder=Ann", "spend oppose"),
    ("coder=bob", ""),
    # status
    ("status=coded", "spend oppose gas loose letter vote march"),
    ("status=verified", "communique"),
    ("status=coded&status=verified", ALL["claims"]),
    ("status=draft", "draft"),
    ("status=withdrawn", "gone"),
    ("status=draft&status=withdrawn", "draft gone"),
    ("status=draft&status=verified", "communique draft"),
    ("status=draft&status=coded&status=verified&status=withdrawn", f"{ALL['claims']} draft gone"),
    ("status=draft&actor=rutte", "draft"),
    ("status=draft&status=coded&actor=rutte", "spend oppose draft"),
    ("status=withdrawn&topic=energy", "gone"),
    ("status=draft&status=coded&topic=spending", "spend oppose letter draft"),
    ("status=draft&position=five-percent&stance=support", "draft"),
    ("status=draft&position=five-percent&stance=oppose", ""),
    ("status=verified&position=five-percent", "communique"),
    ("status=coded&source=declaration", "gas"),
    ("status=draft&source=aa&attribution=direct", "draft"),
    ("status=withdrawn&about=isik-a", "gone"),
    ("status=withdrawn&addressee=daily", "gone"),
    ("status=draft&stance=support", "draft"),
    ("status=draft&status=coded&stance=support", "spend oppose draft"),
    # id, identifier, updated_since
    ("id=spend", "spend"),
    ("id=spend&id=gas&id=nothing", "spend gas"),
    ("id=nothing", ""),
    ("id=draft", ""),
    ("id=draft&status=draft", "draft"),
    ("id=spend&topic=energy", ""),
    ("identifier=coding:17", "spend"),
    ("identifier=coding:17&identifier=coding:18", "spend"),
    ("identifier=coding:18&status=draft", "draft"),
    ("identifier=wikidata:Q1", ""),
    ("updated_since=2026-01-02", ALL["claims"]),
    ("updated_since=2026-03-04", "spend"),
    ("updated_since=2026-03-04T05:06:07Z", "spend"),
    ("updated_since=2026-03-04T05:06:07.000001Z", "spend"),
    ("updated_since=2026-03-04T05:06:07.000002Z", ""),
    ("updated_since=2026-03-04&status=draft", "draft"),
    ("updated_since=2026-03-05", ""),
    # dates
    ("date=2025-05-14", "spend march"),
    ("date=2025-05", "spend oppose march"),
    ("date=2025", "spend oppose gas communique march"),
    ("date=2025-06", "communique"),
    ("date=2023", ""),
    ("date=2024&date=2026", "letter vote"),
    ("date=2024-12-31&date=2025-05", "spend oppose letter march"),
    ("from_date=2024", "spend oppose gas communique letter vote march"),
    ("from_date=2025-05-14", "spend oppose gas communique vote march"),
    ("from_date=2025-05-15", "oppose gas communique vote"),
    ("from_date=2025-06", "gas communique vote"),
    ("from_date=2025-06-26", "gas vote"),
    ("from_date=2025", "spend oppose gas communique vote march"),
    ("from_date=2026", "vote"),
    ("from_date=2026-01-02", ""),
    ("to_date=2026", "spend oppose gas communique letter vote march"),
    ("to_date=2025", "spend oppose gas communique letter march"),
    ("to_date=2025-05", "spend oppose gas letter march"),
    ("to_date=2025-05-13", "oppose gas letter"),
    ("to_date=2025-01-01", "gas letter"),
    ("to_date=2024", "letter"),
    ("to_date=2024-12-30", ""),
    ("from_date=2025-05-15&to_date=2025-05-31", "oppose gas"),
    ("from_date=2025-05&to_date=2025-05", "spend oppose gas march"),
    ("from_date=2025-05-14&to_date=2025-05", "spend oppose gas march"),
    ("from_date=2025-05&to_date=2025-05-01", "oppose gas"),
    ("from_date=2025&date=2025-05", "spend oppose march"),
    # several
    ("actor=rutte&topic=procurement", "oppose"),
    ("actor=rutte&organization=nato&event=interview", "spend"),
    ("topic=defence&position=five-percent&stance=support", "spend communique"),
    ("topic=energy&source=aa&attribution=indirect", "gas"),
    ("topic=energy&from_date=2025&country=NL&form=speech", "gas"),
    ("about=nato&addressee=nato", ""),
    ("position=join&topic=defence&language=en", "spend oppose"),
    ("actor=rutte&actor=nobody&topic=nonsense", ""),
]

ACTORS = [
    ("", ALL["actors"]),
    # memberships: organization, role and as_of hold of one
    ("organization=nato", "rutte obrien kaya"),
    ("organization=Atlantic Alliance", "rutte obrien kaya"),
    ("organization=unity-party", "rutte obrien"),
    ("organization=turkey", "erdogan"),
    ("organization=norway", ""),
    ("organization=nato&organization=TURKIYE", "rutte erdogan obrien kaya"),
    ("organization=!nato", "erdogan isik-a isik-b protesters official"),
    ("organization=!nato&organization=!turkey", "isik-a isik-b protesters official"),
    ("role=Secretary General", "rutte obrien"),
    ("role=general secretary", "rutte obrien"),
    ("role=deputy", "obrien kaya"),
    ("role=DEPUTY general", "obrien"),
    ("role=dep", ""),
    ("role=minister", ""),
    ("role=president&role=leader", "rutte erdogan"),
    ("as_of=2025-05-14", "rutte erdogan obrien kaya"),
    ("as_of=2019-06", "rutte erdogan obrien"),
    ("as_of=1999", "obrien"),
    ("as_of=2014-08", "rutte erdogan obrien"),
    ("as_of=2014-08-27", "rutte obrien"),
    ("organization=nato&role=leader", ""),
    ("organization=unity-party&role=leader", "rutte"),
    ("organization=nato&as_of=2019", "obrien"),
    ("organization=nato&as_of=2023", "kaya"),
    ("organization=nato&as_of=2024", "rutte kaya"),
    ("role=leader&as_of=2023-08-31", "rutte"),
    ("role=leader&as_of=2023-09", ""),
    ("role=deputy&as_of=2025-05-31", "kaya"),
    ("role=deputy&as_of=2025-06", ""),
    ("organization=nato&role=secretary general&as_of=2025", "rutte"),
    ("organization=nato&organization=unity-party&role=member&role=envoy", "obrien kaya"),
    ("organization=!unity-party&role=secretary", ""),
    ("organization=!unity-party&role=envoy", "kaya"),
    ("organization=!nato&as_of=2025", "erdogan"),
    ("organization=nato&organization=!unity-party", "kaya"),
    # event: took part, or claimed there
    ("event=summit", "rutte erdogan"),
    ("event=Hague Summit", "rutte erdogan"),
    ("event=session", "erdogan protesters"),
    ("event=interview", "rutte"),
    ("event=campaign", "obrien"),
    ("event=quiet", ""),
    ("event=summit&event=campaign", "rutte erdogan obrien"),
    ("event=!summit", "isik-a isik-b obrien protesters official kaya"),
    ("event=!summit&event=!session", "isik-a isik-b obrien official kaya"),
    # topic, position, source: has such claims
    ("topic=defence", "rutte isik-b"),
    ("topic=procurement", "rutte"),
    ("topic=Power", "erdogan isik-b"),
    ("topic=nonsense", ""),
    ("topic=procurement&topic=energy", "rutte erdogan isik-b"),
    ("topic=!energy", "rutte isik-a obrien protesters official kaya"),
    ("topic=defence&topic=!energy", "rutte"),
    ("position=five-percent", "rutte"),
    ("position=pipelines", "erdogan obrien"),
    ("position=ukraine join", "rutte obrien"),
    ("position=join&position=pipelines", "rutte erdogan obrien"),
    ("position=!join", "erdogan isik-a isik-b protesters official kaya"),
    ("position=!pipelines", "rutte isik-a isik-b protesters official kaya"),
    ("source=aa", "rutte erdogan protesters"),
    ("source=Loose Leaf", "isik-b"),
    ("source=blog", ""),
    ("source=leaf&source=herald-report", "rutte isik-b"),
    ("source=!aa", "isik-a isik-b obrien official kaya"),
    ("source=!declaration", "rutte isik-a isik-b obrien protesters official kaya"),
    # the rest
    ("kind=group", "protesters"),
    ("kind=group&kind=unnamed", "protesters official"),
    ("kind=person&organization=nato", "rutte obrien kaya"),
    ("id=rutte", "rutte"),
    ("id=rutte&id=kaya&id=nobody", "rutte kaya"),
    ("id=nobody", ""),
    ("identifier=wikidata:Q57792", "rutte"),
    ("identifier=viaf:1&identifier=wikidata:Q57792", "rutte"),
    ("identifier=wikidata:Q7184", ""),
    ("updated_since=2026-01-02T03:04:05.123456Z", ALL["actors"]),
    ("updated_since=2026-01-03", "rutte"),
    ("updated_since=2027-01-01", ""),
    ("organization=nato&topic=defence&event=summit", "rutte"),
]

ORGANIZATIONS = [
    ("", ALL["organizations"]),
    ("kind=state", "tuerkiye norway"),
    ("kind=media&kind=ngo", "anadolu daily herald factcheck"),
    ("kind=committee", ""),
    ("country=TR", "tuerkiye turkish-mfa anadolu"),
    ("country=Turkey", "tuerkiye turkish-mfa anadolu"),
    ("country=norway", "norway unity-party"),
    ("country=GB&country=NO", "norway daily unity-party"),
    ("country=FR", ""),
    ("country=!TR", "nato norway daily herald unity-party factcheck acme"),
    ("country=!TR&country=!Norway", "nato daily herald factcheck acme"),
    ("parent=tuerkiye", "turkish-mfa"),
    ("parent=Turkey", "turkish-mfa"),
    ("parent=tuerkiye&parent=norway", "turkish-mfa unity-party"),
    ("parent=nato", ""),
    (
        "parent=!Turkey",
        "nato tuerkiye norway anadolu daily herald unity-party factcheck acme",
    ),
    ("actor=rutte", "nato unity-party"),
    ("actor=Erdogan", "tuerkiye"),
    ("actor=kaya", "nato"),
    ("actor=isik", ""),
    ("actor=kaya&actor=erdogan", "nato tuerkiye"),
    ("actor=!rutte", "tuerkiye norway turkish-mfa anadolu daily herald factcheck acme"),
    # event: held it, took part, or claimed there
    ("event=summit", "nato tuerkiye"),
    ("event=Hague Summit", "nato tuerkiye"),
    ("event=interview", "nato anadolu"),
    ("event=campaign", "unity-party"),
    ("event=session", ""),
    ("event=quiet", ""),
    ("event=summit&event=campaign", "nato tuerkiye unity-party"),
    (
        "event=!summit",
        "norway turkish-mfa anadolu daily herald unity-party factcheck acme",
    ),
    ("id=nato&id=acme", "nato acme"),
    ("id=rutte", ""),
    ("identifier=wikidata:Q7184", "nato"),
    ("identifier=wikidata:Q57792", ""),
    ("updated_since=2026-01-02", ALL["organizations"]),
    ("updated_since=2026-03-04T05:06:07.000001Z", "nato"),
    ("updated_since=2026-03-05", ""),
    ("kind=media&country=Turkey&event=interview", "anadolu"),
]

EVENTS = [
    ("", ALL["events"]),
    ("kind=summit", "summit"),
    ("kind=meeting&kind=election", "session campaign quiet"),
    ("kind=treaty", ""),
    ("country=NL", "summit"),
    ("country=Türkiye", "interview"),
    ("country=NL&country=Norway", "summit campaign"),
    ("country=FR", ""),
    ("country=!NL", "session interview campaign quiet"),
    ("place=The Hague", "summit session"),
    ("place=hague forum", "session"),
    ("place=antalya&place=forum", "session interview"),
    ("place=Paris", ""),
    ("parent=summit", "session"),
    ("parent=Hague Summit", "session"),
    ("parent=session", ""),
    ("parent=!summit", "summit interview campaign quiet"),
    # actor: took part, or claimed there
    ("actor=rutte", "summit interview"),
    ("actor=Mark Rutte", "summit interview"),
    ("actor=erdogan", "summit session"),
    ("actor=erdogan&actor=obrien", "summit session campaign"),
    ("actor=official", ""),
    ("actor=!rutte", "session campaign quiet"),
    ("actor=!rutte&actor=!erdogan", "campaign quiet"),
    # organization: held it, took part, or claimed there
    ("organization=nato", "summit interview"),
    ("organization=Turkey", "summit"),
    ("organization=anadolu", "interview"),
    ("organization=unity-party", "campaign"),
    ("organization=anadolu&organization=unity-party", "interview campaign"),
    ("organization=factcheck", ""),
    ("organization=!nato", "session campaign quiet"),
    # topic: of the claims made there
    ("topic=defence", "summit interview"),
    ("topic=Defense", "summit interview"),
    ("topic=spending", "interview"),
    ("topic=energy", "summit"),
    ("topic=energy&topic=spending", "summit interview"),
    ("topic=procurement", ""),
    ("topic=!energy", "session interview campaign quiet"),
    # dates
    ("date=2025", "summit session interview"),
    ("date=2025-06", "summit session"),
    ("date=2025-06-24", "session"),
    ("date=2025-05", "interview"),
    ("date=2025-05-14", ""),
    ("date=2023&date=2025-05", "interview quiet"),
    ("date=2024", ""),
    ("from_date=2025-06-25", "summit campaign"),
    ("from_date=2025-05-14", "summit session interview campaign"),
    ("from_date=2026", ""),
    ("to_date=2024", "campaign quiet"),
    ("to_date=2023-12", "quiet"),
    ("to_date=2025-05-01", "interview campaign quiet"),
    ("to_date=2022", ""),
    ("from_date=2025-05-10&to_date=2025-05-20", "interview campaign"),
    ("id=summit&id=quiet", "summit quiet"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q2", "summit"),
    ("identifier=wikidata:Q1", ""),
    ("updated_since=2026-01-02", ALL["events"]),
    ("updated_since=2026-03-04", "summit"),
    ("updated_since=2026-03-05", ""),
    ("actor=rutte&organization=Turkey&topic=energy&from_date=2025", "summit"),
]

SOURCES = [
    ("", ALL["sources"]),
    ("kind=article", "aa reprint"),
    ("kind=article&kind=post", "aa reprint blog"),
    ("kind=dataset", ""),
    ("publisher=anadolu", "aa"),
    ("publisher=The Daily", "reprint"),
    ("publisher=daily&publisher=nato", "reprint declaration"),
    ("publisher=norway", ""),
    ("publisher=!anadolu", "reprint herald-report declaration leaf blog"),
    ("origin=Anadolu Agency", "reprint"),
    ("origin=daily", ""),
    ("origin=daily&origin=anadolu", "reprint"),
    ("origin=!anadolu", "aa herald-report declaration leaf blog"),
    ("language=en", "aa reprint"),
    ("language=en-GB", "reprint"),
    ("language=en&language=de", "aa reprint herald-report"),
    ("language=fr", ""),
    ("language=!en", "herald-report declaration leaf blog"),
    ("language=!en&language=!de", "declaration leaf blog"),
    ("language=en&language=!en-GB", "aa"),
    ("actor=rutte", "aa reprint herald-report"),
    ("actor=Erdogan", "aa declaration"),
    ("actor=isik-b&actor=erdogan", "aa declaration leaf"),
    ("actor=official", ""),
    ("actor=!rutte", "declaration leaf blog"),
    ("event=summit", "aa declaration"),
    ("event=Hague Summit", "aa declaration"),
    ("event=session", "aa reprint"),
    ("event=quiet", ""),
    ("event=!summit", "reprint herald-report leaf blog"),
    ("topic=defence", "aa reprint herald-report declaration leaf"),
    ("topic=procurement", "herald-report"),
    ("topic=power", "aa declaration leaf"),
    ("topic=procurement&topic=energy", "aa herald-report declaration leaf"),
    ("topic=!energy", "reprint herald-report blog"),
    ("date=2025", "aa reprint herald-report declaration"),
    ("date=2025-05", "aa reprint"),
    ("date=2025-05-14&date=2025-06", "aa declaration"),
    ("date=2024", ""),
    ("from_date=2025-05-15", "reprint herald-report declaration"),
    ("from_date=2026", ""),
    ("to_date=2025-05-14", "aa herald-report"),
    ("to_date=2024", ""),
    ("from_date=2025-06-10&to_date=2025-06-20", "herald-report declaration"),
    ("id=blog&id=aa", "aa blog"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q3", "aa"),
    ("identifier=wikidata:Q1", ""),
    ("updated_since=2026-01-02", ALL["sources"]),
    ("updated_since=2026-03-04", "aa"),
    ("updated_since=2026-03-05", ""),
    ("actor=rutte&topic=procurement&kind=report", "herald-report"),
]

TOPICS = [
    ("", ALL["topics"]),
    ("parent=defence", "spending"),
    ("parent=Defense", "spending"),
    ("parent=defence&parent=spending", "spending procurement"),
    ("parent=energy", ""),
    ("parent=!defence", "defence procurement energy"),
    ("actor=rutte", "defence spending procurement"),
    ("actor=Mark Rutte", "defence spending procurement"),
    ("actor=erdogan", "energy"),
    ("actor=isik-b", "defence spending energy"),
    ("actor=erdogan&actor=rutte", "defence spending procurement energy"),
    ("actor=official", ""),
    ("actor=!rutte", "energy"),
    ("event=summit", "defence energy"),
    ("event=Hague Summit", "defence energy"),
    ("event=interview", "defence spending"),
    ("event=interview&event=summit", "defence spending energy"),
    ("event=quiet", ""),
    ("event=!summit", "spending procurement"),
    ("id=defence&id=energy", "defence energy"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q1", "defence"),
    ("identifier=wikidata:Q2", ""),
    ("updated_since=2026-01-02", ALL["topics"]),
    ("updated_since=2026-03-04", "defence"),
    ("updated_since=2026-03-05", ""),
    ("parent=defence&actor=rutte&event=interview", "spending"),
]

POSITIONS = [
    ("", ALL["positions"]),
    ("topic=defence", "five-percent pipelines"),
    ("topic=Defense", "five-percent pipelines"),
    ("topic=procurement", "pipelines"),
    ("topic=energy", "pipelines"),
    ("topic=energy&topic=spending", "five-percent pipelines"),
    ("topic=nonsense", ""),
    ("topic=!energy", "five-percent join"),
    ("topic=!spending", "join"),
    ("actor=rutte", "five-percent join"),
    ("actor=Erdogan", "pipelines"),
    ("actor=erdogan&actor=obrien", "join pipelines"),
    ("actor=official", ""),
    ("actor=!rutte", "pipelines"),
    ("id=join&id=pipelines", "join pipelines"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q1", "five-percent"),
    ("identifier=wikidata:Q2", ""),
    ("updated_since=2026-01-02", ALL["positions"]),
    ("updated_since=2026-03-04", "five-percent"),
    ("updated_since=2026-03-05", ""),
    ("topic=defence&actor=rutte", "five-percent"),
]

NESTED = [
    ("actors/rutte/claims", "", "spend oppose"),
    ("actors/rutte/claims", "topic=procurement", "oppose"),
    ("actors/rutte/claims", "position=join&stance=support", "oppose"),
    ("actors/rutte/claims", "status=draft", "draft"),
    ("actors/rutte/claims", "source=!aa", "oppose"),
    ("actors/rutte/claims", "organization=nobody", ""),
    ("actors/official/claims", "", ""),
    ("actors/official/claims", "status=withdrawn", "gone"),
    ("actors/kaya/claims", "", ""),
    ("organizations/nato/claims", "", "spend oppose communique"),
    ("organizations/nato/claims", "actor=!rutte", "communique"),
    ("organizations/nato/claims", "actor=rutte&attribution=direct", "spend"),
    ("organizations/tuerkiye/claims", "", "gas"),
    ("organizations/norway/claims", "", ""),
    ("events/summit/claims", "", "gas communique"),
    ("events/summit/claims", "organization=NATO", "communique"),
    ("events/summit/claims", "topic=energy&status=coded", "gas"),
    ("events/quiet/claims", "", ""),
]

TABLES = {
    "claims": CLAIMS,
    "actors": ACTORS,
    "organizations": ORGANIZATIONS,
    "events": EVENTS,
    "sources": SOURCES,
    "topics": TOPICS,
    "positions": POSITIONS,
}
ROWS = [
    pytest.param(f"/v1/{path}?{query}".rstrip("?"), found, id=f"{path}?{query}")
    for path, rows in TABLES.items()
    for query, found in rows
    if found is not None
] + [
    pytest.param(f"/v1/{path}?{query}".rstrip("?"), found, id=f"{path}?{query}")
    for path, query, found in NESTED
]


@pytest.mark.parametrize(("url", "found"), ROWS)
def test_filter(world: FlaskClient, url: str, found: str):
    sign = "&" if "?" in url else "?"
    answer = world.get(f"{url}{sign}limit=200").json
    assert set(ids_of(answer)) == set(found.split())
    assert len(answer["data"]) == answer["meta"]["total"] == len(found.split())
    # in pages, and by other walks through the same rows
    for sort in ("sort=-id", "sort=updated_at", ""):
        walked = pages(world, f"{url}{sign}{sort}".rstrip("?&"), 2)
        assert sorted(ids_of(*walked)) == sorted(found.split())
        assert {page["meta"]["total"] for page in walked} == {len(found.split())}


FILTERS = {
    "claims": "actor organization event source publisher topic position stance about addressee form"
    " attribution language place country coder status date from_date to_date",
    "actors": "organization role as_of event topic position source kind",
    "organizations": "kind country parent actor event",
    "events": "kind country place actor organization topic parent date from_date to_date",
    "sources": "kind publisher origin language actor event topic date from_date to_date",
    "topics": "parent actor event",
    "positions": "topic actor",
}


@pytest.mark.parametrize("path", FILTERS)
def test_the_tables_have_every_filter_of_the_contract(path: str):
    used = {part.partition("=")[0] for query, _ in TABLES[path] for part in query.split("&")}
    contract = {*FILTERS[path].split(), "id", "identifier", "updated_since"}
    assert used - {""} == contract


# how rows are shown; the second line is to come
SHOWN = {"sort", "limit", "cursor", "count"}
LATER = {"include", "fields", "facet", "format", "q", "has", "match"}


def filters_taken(client: FlaskClient, path: str) -> set[str]:
    """The filters that a path says it takes."""
    detail = client.get(f"/v1/{path}?colour=red").json["detail"]
    taken = {name.strip(" .") for name in detail.partition("It takes:")[2].split(",")}
    assert taken >= SHOWN
    return taken - SHOWN - LATER


@pytest.mark.parametrize("path", FILTERS)
def test_there_are_no_other_filters(world: FlaskClient, path: str):
    contract = {*FILTERS[path].split(), "id", "identifier", "updated_since"}
    assert filters_taken(world, path) == contract


@pytest.mark.parametrize(
    ("path", "without"),
    [
        ("actors/rutte/claims", "actor"),
        ("organizations/nato/claims", "organization"),
        ("events/summit/claims", "event"),
    ],
)
def test_nested_lists_lack_what_the_path_fixes(world: FlaskClient, path: str, without: str):
    response = world.get(f"/v1/{path}?{without}=rutte")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    contract = {*FILTERS["claims"].split(), "id", "identifier", "updated_since"} - {without}
    assert filters_taken(world, path) == contract


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("organizations?parent=!!Acme", ""),
        ("actors?organization=!!Acme", ""),
        ("claims?publisher=!!The Daily", "spend march"),
        ("claims?actor=!!rutte", "spend oppose"),
    ],
)
def test_two_exclamation_marks_ask_for_a_name_that_has_one(
    world: FlaskClient, url: str, found: str
):
    answer = world.get(f"/v1/{url}").json
    assert set(ids_of(answer)) == set(found.split())
    ((one,),) = answer["meta"]["resolved"].values()
    assert one["exclude"] is False
    assert one["asked"].startswith("!")
    assert not one["asked"].startswith("!!")


CLOSED = [
    ("claims", "form", "!speech"),
    ("claims", "stance", "!support"),
    ("claims", "attribution", "!direct"),
    ("claims", "status", "!draft"),
    ("actors", "kind", "!group"),
    ("organizations", "kind", "!state"),
    ("events", "kind", "!summit"),
    ("sources", "kind", "!article"),
]

WRONG = [
    *CLOSED,
    ("claims", "form", "Speech"),
    ("claims", "form", "song"),
    ("claims", "stance", "for"),
    ("claims", "status", "listed"),
    ("claims", "attribution", "free"),
    ("actors", "kind", "state"),
    ("organizations", "kind", "person"),
    ("events", "kind", "party"),
    ("sources", "kind", "book"),
    ("claims", "language", "e"),
    ("claims", "language", "en_GB"),
    ("claims", "language", "english"),
    ("claims", "language", "%"),
    ("claims", "language", "!"),
    ("claims", "country", "!"),
    ("claims", "actor", "!"),
    ("claims", "about", "! "),
    ("claims", "place", "---"),
    ("actors", "role", "?!"),
    ("claims", "identifier", "Q1"),
    ("claims", "identifier", ":Q1"),
    ("claims", "identifier", "wikidata:"),
    ("claims", "updated_since", "yesterday"),
    ("claims", "updated_since", "2026-02-30"),
    ("claims", "updated_since", "2026-01-02T03:04:05"),
    ("claims", "updated_since", "2026-01-02T25:04:05Z"),
    ("claims", "updated_since", "2026-02-30T03:04:05Z"),
    *[
        (path, name, value)
        for path, names in {
            "claims": ("date", "from_date", "to_date"),
            "sources": ("date", "from_date", "to_date"),
            "events": ("date", "from_date", "to_date"),
            "actors": ("as_of",),
        }.items()
        for name in names
        for value in ("2025-02-30", "2025-13", "25", "2025-5", "0000", "2025-05-14T00:00", "May")
    ],
]


@pytest.mark.parametrize(("path", "name", "value"), WRONG)
def test_a_wrong_value_is_422(world: FlaskClient, path: str, name: str, value: str):
    response = world.get(f"/v1/{path}", query_string={name: value})
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == (name, value)
    assert error["message"]


@pytest.mark.parametrize("path", ["claims", "events", "sources"])
@pytest.mark.parametrize(
    "query",
    [
        "from_date=2025-05-15&to_date=2025-05-14",
        "from_date=2026&to_date=2025",
        "from_date=2025-06&to_date=2025-05-31",
        "from_date=2025-06-01&to_date=2025-05",
    ],
)
def test_from_date_after_to_date_is_422(world: FlaskClient, path: str, query: str):
    response = world.get(f"/v1/{path}?{query}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert response.json["errors"][0]["parameter"] in ("from_date", "to_date")


def test_all_wrong_values_are_told_at_once(world: FlaskClient):
    response = world.get("/v1/claims?form=song&limit=0&date=never&stance=suport")
    errors = {one["parameter"]: one for one in response.json["errors"]}
    assert set(errors) == {"form", "limit", "date", "stance"}
    assert errors["stance"]["suggestion"] == "support"
