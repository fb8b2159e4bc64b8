"""A comparison's receipt as a file: written whole, and not believed when it is read.

    {"format": "matinee-receipt", "version": 1, what was asked for and computed with,
     "results": [...], "sha256": of everything else in canonical form}

The hash tells at once that a file was changed; that somebody computed it anew over other numbers
is found by `verify`, which measures again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydantic

from matinee.errors import DataError, FailureError
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.experiments.receipts.receipt_format import FORMAT, VERSION, Receipt
from matinee.files import write_file

__all__ = ["digest", "read_receipt", "receipt_document", "write_receipt"]

_LARGEST = 32 << 20
_RESULTS = ("metric", "results", "pairs")
_WIDTH = 100


def receipt_document(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain JSON values.

    Left out are the values of single viewers, and what is computed from them for groups of
    viewers: measuring again gives them.
    """
    said = comparison.to_json()
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        **comparison.receipt,
        "splits": [
            {
                "split": test.name,
                "seed": result.seed,
                "viewers": len(np.unique(test.users)),
                "targets": int(test.targets.nnz),
                "train": len(test.train),
                "sha256": fingerprint(test),
            }
            for test, result in zip(comparison.tests, comparison.results[0].splits, strict=True)
        ],
        **{name: said[name] for name in _RESULTS},
    }
    plain: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    return plain | {"sha256": digest(plain)}


def write_receipt(comparison: Comparison, path: Path) -> None:
    """Puts the receipt of a comparison into a file, whole or not at all.

    Raises:
        FailureError: the file cannot be written.
    """
    write_file(path, (_written(receipt_document(comparison)) + "\n").encode())


def read_receipt(path: Path) -> Receipt:
    """The receipt in a file; nothing in it is run or fetched.

    Raises:
        DataError: no receipt, or one of a version that is not known here.
        FailureError: a receipt whose digest says that it was changed.
    """
    document = _parsed(path)
    if document.get("format") != FORMAT:
        raise DataError(
            f'{path} is no receipt: it does not say "format": "{FORMAT}"; '
            "name a file that `matinee evaluate --receipt` wrote"
        )
    if document.get("version") != VERSION:
        raise DataError(
            f"{path} is a receipt of format version {document.get('version')!r:.20}; this matinee "
            f"reads version {VERSION}: use the matinee that wrote it"
        )
    said = document.get("sha256")
    if said != digest(document):
        raise FailureError(
            f"{path} was changed after it was written: its digest is {said!s:.64}, "
            f"that of its content {digest(document)}; get the original, or measure anew"
        )
    try:
        return Receipt.model_validate(document)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise DataError(f"{path} is no receipt: {where}: {first['msg']}") from None


def digest(document: dict[str, Any]) -> str:
    """SHA-256 over all of a document but its own digest: keys sorted, no spaces, UTF-8."""
    rest = {key: value for key, value in document.items() if key != "sha256"}
    text = json.dumps(
        rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _written(value: Any, indent: int = 0) -> str:
    """JSON for people and for comparing by line: what fits a line stays on it."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not value or not isinstance(value, dict | list) or indent + len(line) <= _WIDTH:
        return line
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_written(value[key], indent + 1)}" for key in value]
    else:
        parts = [_written(each, indent + 1) for each in value]
    inside = ",\n".join(" " * (indent + 1) + part for part in parts)
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{inside}\n{' ' * indent}{end}"


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path} is larger than {_LARGEST >> 20} MiB: it is no receipt")
        document = json.loads(path.read_bytes(), parse_constant=_refused)
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise DataError(f"{path} is no receipt: it is not JSON") from None
    if not isinstance(document, dict):
        raise DataError(f"{path} is no receipt: it is not a JSON object")
    return document


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
