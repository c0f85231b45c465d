"""Records as YAML, as a seed file has them."""

from __future__ import annotations

import re
from typing import Any

import yaml

# in these fields a date or a year stands without quotes
DATE_FIELDS = frozenset({"date", "start_date", "end_date", "accessed"})
LINE_END = re.compile("[\n\x85\u2028\u2029]")
# the texts of which a block keeps every line as it is
BLOCK = re.compile("[^\\s][^\r\t\x85\u2028\u2029\ufeff]*\\S\n?")
LINE_WIDTH = 100


class SeedDumper(yaml.SafeDumper):
    """Quotes every text that some reader of YAML could take for another value."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of lists, as seed files do."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None
    if LINE_END.search(text):
        style = "|" if BLOCK.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def represent_fields(dumper: yaml.SafeDumper, fields: dict[str, Any]) -> yaml.Node:
    node = dumper.represent_dict(fields.items())
    for name, value in node.value:
        if name.value in DATE_FIELDS and isinstance(value, yaml.ScalarNode):
            value.tag = dumper.resolve(yaml.ScalarNode, value.value, (True, False))
    return node


SeedDumper.add_representer(str, represent_text)
SeedDumper.add_representer(dict, represent_fields)


def records_as_yaml(sections: dict[str, list[dict]]) -> str:
    """A seed file with these sections of records."""
    return yaml.dump(
        sections, Dumper=SeedDumper, sort_keys=False, allow_unicode=True, width=LINE_WIDTH
    )
