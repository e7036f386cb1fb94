"""The form of every record: line 1 is the SHA-256 of line 2, line 2 is JSON. A flipped or missing byte shows."""

import hashlib
import json
import re
from contextlib import suppress
from typing import TypeVar

from pydantic import ValidationError

from plainview.exceptions import DamagedError, InputError, NewerFormatError
from plainview.records import SCHEMA_VERSION, Record

Kept = TypeVar("Kept", bound=Record)


def seal(record: Record) -> bytes:
    """The two lines of a record. InputError where a text cannot be written as UTF-8."""
    try:
        return seal_line(record.model_dump_json().encode())
    except ValueError as error:
        raise InputError(f"The {type(record).__name__.lower()} cannot be written as JSON: {error}.") from error


def seal_line(line: bytes) -> bytes:
    """One line of JSON, below its SHA-256."""
    return hashlib.sha256(line).hexdigest().encode() + b"\n" + line + b"\n"


def unseal_line(data: bytes, *, key: str) -> bytes:
    """Line 2, where it is what line 1 says; DamagedError otherwise."""
    digest, _, rest = data.partition(b"\n")
    line = rest[:-1]
    if rest[-1:] != b"\n" or hashlib.sha256(line).hexdigest().encode() != digest:
        raise DamagedError(f"{key} is damaged: its {len(data)} bytes do not match their checksum.{_guess(data)}")
    return line


_NAME = rb'"%s":("(?:[^"\\]|\\.){1,80}")'


def _guess(data: bytes) -> str:
    """Whose record damaged bytes seem to be, for the person who has to mend it; empty where they do not say."""
    found = []
    for field in (b"project", b"release"):
        if match := re.search(_NAME % field, data):
            with suppress(ValueError):
                found.append(json.loads(match[1]))
    return f" It seems to belong to {' '.join(found)}." if found else ""


def unseal(data: bytes, kind: type[Kept], *, key: str) -> Kept:
    """The record in ``data``.

    Raises DamagedError where the bytes do not match or are no such record, NewerFormatError where a newer Plainview is
    needed to read it. What a newer Plainview added without need for a newer reader is passed over.
    """
    line = unseal_line(data, key=key)
    try:
        record = kind.model_validate_json(line)
    except ValidationError as error:
        return _from_newer(line, kind, key=key, error=error)
    if record.min_reader > SCHEMA_VERSION:
        raise _newer(key, record.min_reader)
    return record


def _from_newer(line: bytes, kind: type[Kept], *, key: str, error: ValidationError) -> Kept:
    try:
        content = json.loads(line)
        version, reader = int(content["schema_version"]), int(content["min_reader"])
    except (ValueError, TypeError, KeyError):
        version = reader = 0
    if reader > SCHEMA_VERSION:
        raise _newer(key, reader) from None
    if version > SCHEMA_VERSION:
        return _without_unknown(content, kind, key=key)
    raise _not_a_record(key, kind, error) from error


def _without_unknown(content: dict, kind: type[Kept], *, key: str) -> Kept:
    try:
        return kind.model_validate_json(json.dumps(content), extra="ignore")
    except ValidationError as error:
        raise _not_a_record(key, kind, error) from error


def _not_a_record(key: str, kind: type[Record], error: ValidationError) -> DamagedError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the record"
    return DamagedError(f"{key} is no {kind.__name__.lower()}: {where}: {first['msg']}.")


def _newer(key: str, reader: int) -> NewerFormatError:
    return NewerFormatError(
        f"{key} was written by a newer Plainview: format {reader}, this one reads up to {SCHEMA_VERSION}."
    )
