"""A file as an analysis sees it: its role, its name and its bytes."""

import hashlib
import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Input:
    """One input file; analyses read `data` and never touch the file system."""

    role: str
    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self):
        """The bytes as a stream, for analyses that read a file once from front to back."""
        return io.BytesIO(self.data)


@dataclass(frozen=True)
class LocalFile:
    """A file of a role with `streamed`, which may be larger than memory: it has a stream and no `data`."""

    role: str
    name: str
    path: Path = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        with self.open() as source:
            return hashlib.file_digest(source, "sha256").hexdigest()

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self):
        return self.path.open("rb")
