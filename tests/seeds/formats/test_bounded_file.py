"""The bound of files that are read as a whole."""

from __future__ import annotations

import os

import pytest

from seeds.formats import bounded_file
from seeds.formats.bounded_file import BoundedFile
from seeds.raw_record import Unreadable


def test_pipe_is_bounded_while_it_is_read(monkeypatch):
    monkeypatch.setattr(bounded_file, "MAX_FILE_BYTES", 1000)
    end, start = os.pipe()
    os.write(start, b" " * 1001)
    os.close(start)
    with os.fdopen(end, "rb") as pipe, pytest.raises(Unreadable, match="is larger than"):
        BoundedFile(pipe, lambda done: None).read()
