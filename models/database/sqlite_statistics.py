"""The statistics of SQLite's query planner."""

from __future__ import annotations

from typing import Any


class SqliteStatistics:
    """The methods of an engine for the planner's statistics."""

    execute_sql: Any

    def analyze(self, changes: int, of: int) -> None:
        # skip if less than a fiftieth changed, and the statistics cover a third of the records
        if changes * 50 < of and of < 3 * self.analyzed_records():
            return
        self.execute_sql("PRAGMA analysis_limit=1000")
        self.execute_sql("ANALYZE")
        # read all entries here: by a sample, a form looks as rare as an event
        self.execute_sql("PRAGMA analysis_limit=0")
        for table in ("claim", "claim_position", "report"):
            self.execute_sql(f"ANALYZE {table}")
        self.forget_empty_columns("claim")

    def forget_empty_columns(self, table: str) -> None:
        """Drop the statistics of columns without any value.

        By them the planner would expect every row for each value.
        """
        leading = (
            "SELECT idx, name FROM main.sqlite_stat1 JOIN pragma_index_info(idx)"
            f" WHERE tbl = '{table}' AND seqno = 0"
        )
        for index, column in self.execute_sql(leading).fetchall():
            there = f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1"
            if not self.execute_sql(there).fetchone():
                self.execute_sql("DELETE FROM main.sqlite_stat1 WHERE idx = ?", (index,))
        self.execute_sql("ANALYZE sqlite_master")

    def analyzed_records(self) -> int:
        """How many records there were, about, when the statistics were made."""
        there = "SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_stat1'"
        if not self.execute_sql(there).fetchone():
            return 0
        sql = "SELECT MAX(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 WHERE tbl = 'record'"
        return self.execute_sql(sql).fetchone()[0] or 0
