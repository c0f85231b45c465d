"""Formats: each turns a page, a document, a network or a whole list into bytes of one media type.

A new format is a module with a class like JSONFormat, and its line in FORMATS.
"""

from __future__ import annotations

from api.formats.atom import AtomFormat
from api.formats.base import Format
from api.formats.csv import CSVFormat, TSVFormat
from api.formats.graphml import GraphMLFormat
from api.formats.html import HTMLFormat
from api.formats.json import JSONFormat
from api.formats.jsonl import JSONLinesFormat
from api.formats.jsonld import JSONLDFormat
from api.formats.network_csv import NetworkTableFormat
from api.formats.svg import SVGFormat
from api.formats.yaml import YAMLFormat

# `*/*` gets the first, which also wins among formats of the same quality
FORMATS: tuple[Format, ...] = (
    JSONFormat(),
    CSVFormat(),
    TSVFormat(),
    JSONLinesFormat(),
    JSONLDFormat(),
    AtomFormat(),
    HTMLFormat(),
)
# of objects that are no records
OBJECT_FORMATS: tuple[Format, ...] = (FORMATS[0], FORMATS[-1])
# of a record in seed form
RECORD_FORMATS: tuple[Format, ...] = (JSONFormat(), YAMLFormat())
# of a network
NETWORK_FORMATS: tuple[Format, ...] = (
    FORMATS[0],
    NetworkTableFormat(),
    GraphMLFormat(),
    SVGFormat(),
    FORMATS[-1],
)
