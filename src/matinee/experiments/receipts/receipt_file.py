"""Receipts as JSON files, written atomically and checked when read.

    {"format": "matinee-receipt", "version": 1, the facts of the comparison,
     "results": [...], "sha256": digest of everything else in canonical form}

The digest detects a changed file. It does not detect a forger who computes it anew; `verify` does,
since it repeats the measurement.
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
from matinee.experiments.receipts.whole_file import write_whole

__all__ = ["digest", "read_receipt", "receipt_document", "write_receipt"]

_RESULTS = ("metric", "results", "pairs")


def receipt_document(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain JSON values.

    Values of single viewers, and figures of groups that derive from them, are not included.
    Repeating the measurement gives them.
    """
    plain = comparison.to_json()
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
        **{name: plain[name] for name in _RESULTS},
    }
    document = json.loads(json.dumps(document, allow_nan=False))
    return document | {"sha256": digest(document)}


def write_receipt(comparison: Comparison, path: Path) -> None:
    """Writes the receipt of a comparison to a file, atomically.

    Raises:
        FailureError: the file cannot be written.
    """
    text = json.dumps(receipt_document(comparison), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(path, (text + "\n").encode())


def read_receipt(path: Path, *, max_bytes: int = 32 << 20) -> Receipt:
    """The receipt in a file of at most `max_bytes`. Nothing in it is executed or fetched.

    Raises:
        DataError: the file is not a receipt, or one of an unknown version.
        FailureError: the digest shows that the receipt was changed.
    """
    document = _parsed(path, max_bytes)
    if document.get("format") != FORMAT:
        raise DataError(
            f'{path} is not a receipt, it lacks "format": "{FORMAT}"; '
            "name a file that `matinee evaluate --receipt` wrote"
        )
    if document.get("version") != VERSION:
        raise DataError(
            f"{path} is a receipt of format version {document.get('version')!r:.20}; this matinee "
            f"reads version {VERSION}, so use the matinee that wrote it"
        )
    recorded = document.get("sha256")
    if recorded != digest(document):
        raise FailureError(
            f"{path} was changed after it was written: its digest is {recorded!s:.64}, "
            f"that of its content {digest(document)}; get the original, or evaluate again"
        )
    try:
        return Receipt.model_validate(document)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        reason = "is missing" if first["type"] == "missing" else "has a wrong value"
        if first["type"] == "value_error":
            reason = str(first["ctx"]["error"])
        raise DataError(
            f"{path} is not a receipt: {where} {reason}; "
            "name a file that `matinee evaluate --receipt` wrote"
        ) from None


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of a document without its own digest: keys sorted, no spaces, UTF-8."""
    rest = {key: value for key, value in document.items() if key != "sha256"}
    text = json.dumps(
        rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parsed(path: Path, max_bytes: int) -> dict[str, Any]:
    try:
        if path.stat().st_size > max_bytes:
            raise DataError(f"{path} is larger than {max_bytes:,} bytes, too large for a receipt")
        document = json.loads(path.read_bytes(), parse_constant=_refused)
    except FileNotFoundError:
        raise DataError(f"there is no file {path}; name a receipt") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}; name a receipt") from None
    except (ValueError, RecursionError):
        raise DataError(f"{path} is not a receipt: it is not JSON") from None
    if not isinstance(document, dict):
        raise DataError(f"{path} is not a receipt: it is not a JSON object")
    return document


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
