"""The engine interface: everything that SQLite and PostgreSQL do differently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from peewee import Node

from models.database.patience import DEFAULT_PATIENCE, Patience
from models.database.row_page import RowPage


class Engine(Protocol):
    """The methods that the models need besides peewee's own.

    Lists travel to the database as one packed parameter, so that a query has the same SQL for any
    number of values.
    """

    # the SQL function that finds a text in another: its offset from 1, or 0
    position: str
    # the SQL function that joins the texts of many rows with a separator
    concatenate: str
    # SQL that tells whether the database follows another one, and so may be behind it
    is_standby: str
    # whether a connection has temporary tables for keys (`models/queries/kept.py`), empty when a
    # snapshot begins; without them, one statement finds the list and counts its facets
    has_kept_keys: bool

    # connections

    @property
    def reopens(self) -> bool:
        """Whether a closed database can be opened again; one in memory is gone."""

    def unconnected(self) -> Engine:
        """The same database, without any connection."""

    # conditions of queries

    def values_in(self, values: Any, column: Node) -> Node:
        """The right side of `IN` for a packed list of values of this column."""

    def has_words(self, column: Node, values: Any) -> Node:
        """Whether the column, a space around each word, has all words of one of the values.

        `values` is a packed list of lists of words.
        """

    def within_periods(self, start: Node, end: Node, periods: Any, first: str, last: str) -> Node:
        """Whether the interval from start to end lies within one of the packed periods.

        Each period is an object whose members `first` and `last` are its bounds.
        """

    def link_of_claim(self, link: Any, key: Any) -> list[Node]:
        """Whether a link belongs to the claim; the query already fixes the linked record."""

    @staticmethod
    def not_joined(query: Any) -> Any:
        """The query as one that the planner does not join to others."""

    # pages

    def with_documents(self, page: Any, document: Any, positions: bool) -> Node:
        """A query for the rows of a page with their documents, in order, for `row_page`.

        `positions`: the sort value and tiebreaker of each row are needed, too.
        """

    @staticmethod
    def row_page(rows: list[tuple]) -> RowPage:
        """The page that a query of `with_documents` selects."""

    # parts of SQL text

    @property
    def in_list(self) -> str:
        """The right side of `IN` for a packed list of keys, a parameter."""

    def packed_rows(self, count: int | None = None, /, **types: str) -> str:
        """A table of a packed list of objects, a parameter, with these members as columns.

        `count` tells the planner how many there are.
        """

    def replaced_text(self, column: str) -> str:
        """The bytes of a column with one text, a parameter, replaced by another one."""

    @staticmethod
    def pack(values: Iterable[Any]) -> str:
        """A list as one parameter."""

    # reading

    def peek(self, sql: str) -> tuple:
        """The row that a statement selects, outside any transaction of the caller."""

    def snapshot(self, sql: str) -> AbstractContextManager[tuple]:
        """One read transaction, on a connection that works; gives the row that `sql` selects."""

    def unmapped(self) -> AbstractContextManager[None]:
        """Map no file of the database, and cache few pages, so that reading all takes no more."""

    # writing

    def one_connection(self) -> AbstractContextManager[None]:
        """Keep the temporary tables of all statements inside to the end, without any lock."""

    def writing(self, patience: Patience = DEFAULT_PATIENCE) -> AbstractContextManager[None]:
        """One write transaction, all or nothing; another writer waits as its patience says."""

    def loading(self, empty: bool) -> AbstractContextManager[None]:
        """Prepare for a large write transaction; `empty`: the dataset has no records yet."""

    def staging(self) -> AbstractContextManager[None]:
        """Write temporary tables only; an error names the folder that has no room for them."""

    def many(self, sql: str, rows: Iterable[tuple]) -> None:
        """Run a statement for each row."""

    def insert(self, table: str, names: Sequence[str], rows: Iterable[tuple]) -> None:
        """Insert rows in the fastest way."""

    def temporary(self, name: str, columns: str) -> None:
        """Create an empty table of this connection, inside `one_connection` or `writing`."""

    def index(self, name: str, on: str) -> None:
        """Create an index on a temporary table."""

    def indexed_later(self, models: Sequence[Any]) -> AbstractContextManager[None]:
        """Create the indexes of these tables after the inserts inside, where that is faster."""

    def analyze(self, changes: int, of: int) -> None:
        """Update the planner's statistics if many records changed."""

    # full-text search, of the table `search_text`

    # the join of matching texts with records, and the join of claims' texts with claims
    text_join: Any
    claim_text_join: Any

    def create_text_index(self) -> None:
        """Create the table of texts."""

    def begin_texts(self) -> None:
        """Prepare for `insert_texts`."""

    def insert_texts(self, rows: Iterable[tuple[int, str]]) -> None:
        """Insert texts, each with its place and words, which have a space around each."""

    def index_texts(self) -> None:
        """Index the inserted texts."""

    def text_matches(self, table: Any, slot: Any) -> Node:
        """Whether a row of the table of texts matches the value of a slot (`TextQuery`)."""

    def text_score(self, table: Any, slot: Any) -> Node:
        """How well a row that matches does so: less is better."""

    # connections

    def may_exist(self) -> bool:
        """Whether connecting leaves no new database behind."""

    def is_there(self) -> bool:
        """Whether there is a database, as far as that is known without its answer."""

    def wait(self, patience: Patience = DEFAULT_PATIENCE) -> None:
        """Connect; wait while another process fills an empty file."""

    def close(self) -> bool:
        """Close this thread's connection."""

    def close_idle(self) -> None:
        """Close pooled connections that no thread uses."""
