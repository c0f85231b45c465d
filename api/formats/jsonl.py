"""JSON Lines: one document a line."""

from __future__ import annotations

from collections.abc import Iterator

from api.formats.base import StreamFormat
from api.formats.page import RecordStream
from api.formats.sparse import sparse


class JSONLinesFormat(StreamFormat):
    """`application/jsonl`."""

    name = "jsonl"
    media_type = "application/jsonl"
    also_accepted = ("application/x-ndjson",)

    def chunks(self, stream: RecordStream) -> Iterator[bytes]:
        for records in stream.batches:
            lines = sparse(records, stream.fields).documents()
            yield b"".join([line + b"\n" for line in lines])
