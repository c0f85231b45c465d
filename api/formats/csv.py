"""CSV and TSV: one row a record."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from api.formats.base import StreamFormat
from api.formats.page import RecordStream
from models.records.columns import column_names, rows_of

BYTE_ORDER_MARK = "\ufeff"
# few documents stay in the processor's cache, and cost the garbage collector less
PARSED_AT_ONCE = 50


class CSVFormat(StreamFormat):
    """`text/csv` (RFC 4180)."""

    name = "csv"
    media_type = "text/csv; charset=utf-8"
    refused = StreamFormat.refused - {"bom"}
    delimiter = ","

    def field_names(self, type: str) -> Sequence[str]:
        return column_names(type)

    def chunks(self, stream: RecordStream) -> Iterator[bytes]:
        names = [
            name
            for name in column_names(stream.type)
            if not stream.fields or name in ("id", *stream.fields)
        ]
        text = StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        text.write(BYTE_ORDER_MARK if stream.bom else "")
        writer.writerow(names)
        for records in stream.batches:
            for documents in records.parsed(PARSED_AT_ONCE):
                writer.writerows(rows_of(stream.type, documents, names))
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
        # the header of an empty list
        if text.tell():
            yield text.getvalue().encode()


class TSVFormat(CSVFormat):
    """`text/tab-separated-values`, quoted like CSV."""

    name = "tsv"
    media_type = "text/tab-separated-values; charset=utf-8"
    delimiter = "\t"
