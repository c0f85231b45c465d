"""Opening the dataset before a server starts, in a process that may wait for longer."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import peewee

from models.opening import is_absent, open_dataset, open_to_read

# seconds
PATIENCE = 2.0


def open_in_child(url: str, read_url: str, *, create: bool) -> bool:
    """Open a dataset; whether there is one. Only `create` lets a new one be made.

    A standby, if there is one, is opened to be read.

    Raises OperationalError if the database does not answer soon, and UnsupportedDatabase.
    """

    def open_there() -> bool:
        if read_url:
            open_to_read(read_url)
        elif not create and is_absent(url):
            return False
        else:
            open_dataset(url)
        return True

    is_there: bool = run_in_child(open_there)
    return is_there


def run_in_child(work: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """The result of work in a forked process; raises its error.

    Raises OperationalError if the work takes longer, and lets it go on.
    """
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    context.Process(target=work_and_send, args=(work, sender), daemon=True).start()
    sender.close()
    if not receiver.poll(patience):
        raise peewee.OperationalError("another process holds it, as a first load does")
    try:
        result, error = receiver.recv()
    except EOFError:
        raise peewee.OperationalError("the process that opened it ended") from None
    if error is not None:
        raise error
    return result


def work_and_send(work: Callable[[], Any], sender: Connection) -> None:
    try:
        sender.send((work(), None))
    except Exception as error:
        # the driver's own error may hold a connection
        vars(error).pop("orig", None)
        sender.send((None, error))
