"""Imports: foreign files to seed records; one module a format over shared naming and reporting.

A format is a function that reads its file and tells a `DraftStore` (`drafts.py`) of its content:

- `store.name(types, text, …)` names a record, and returns a reference that stands for its id in
  drafts. `store.party(text, …)` names an actor or an organization. `fields` go into the record if
  the import makes it; they may hold references.
- `store.add(Draft(type, line, fields))` adds a claim, or any record that the format describes
  itself; its `id` is a text, a reference, or missing for a claim. A draft with a reference as `id`
  describes the record that the name finds or makes.
- `store.error(line, column, message, value)` and `store.warn(…)` add problems; with one error the
  import writes nothing. `store.tell(what)` counts what the report mentions, such as dropped values.
- `store.name_places(name)` tells how to name places where the file has no lines ("statement 7").

`run_import` (`run.py`) calls the function, and does the rest in the same way for all formats:
names become ids (`naming.py`), records that the dataset lacks are made (`making.py`), drafts
become records over those of the dataset (`records.py`), and the loader checks and loads them.
A command needs `@import_options` and `run` of `api/import_commands.py`, and the format's function.

    def read_example(path: Path, store: DraftStore) -> None:
        for line, row in enumerate(rows_of(path), 1):
            actor = store.name(("actor",), row["who"], line=line, column="who")
            source = store.name(("source",), row["title"], line=line, column="title",
                                variant=row["url"], fields={"url": row["url"]})
            fields = {"text": row["what"], "actor": actor, "reports": [{"source": source}]}
            store.add(Draft("claim", line, fields))

All drafts and names are kept in a temporary file, so memory does not grow with the imported file.
Errors of that file are peewee's, and name its folder if that has no room.
"""
