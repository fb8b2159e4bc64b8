"""Recommenders as artefacts: model, films, and origin."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from typing import Any

from numpy.typing import NDArray

import matinee
from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog
from matinee.data.provenance import Provenance
from matinee.data.rating_summary import RatingSummary
from matinee.errors import ArtefactError, InputError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.store import artefacts
from matinee.store.artefacts import Artefact
from matinee.store.migrate import numbering_of

__all__ = [
    "Training",
    "load_recommender",
    "origin_of",
    "restore",
    "save_recommender",
    "scale_of",
]

_log = logging.getLogger(__name__)

FORMAT = 2
"""Increased whenever older code would misread a folder, or this code an older one."""
_MODEL = "model."
_CATALOG = "catalog."
_SIMILARITY = "similarity."
_RATINGS = "ratings."
_PROVENANCE = "provenance."


@dataclass(frozen=True)
class Training:
    """What a recommender was fitted to and how: enough to fit it again on newer ratings.

    Attributes:
        base: name or path of the data set it started from.
        until: Unix seconds of the newest rating; 0 if unknown.
        cursor: number of the last event of the log that was read; 0 for none.
        ratings: how many ratings; 0 if unknown.
        options: of the model, those that somebody set.
        seed: for random numbers of the fit.
    """

    base: str
    until: int = 0
    cursor: int = 0
    ratings: int = 0
    options: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Training:
        """As it is in a manifest.

        Older manifests lack it. Then the data set is the one they name, every option is taken for
        set, and no event of the log for read.
        """
        known = manifest.get("training")
        if known is None:
            return cls(base=str(manifest.get("data", "")), options=manifest.get("config", {}))
        return cls(**known)


def save_recommender(
    recommender: Recommender,
    root: Path,
    *,
    data: str,
    data_hash: str,
    scale: tuple[float, float],
    licence: str,
    numbering: str = "",
    source: str = "",
    training: Training | None = None,
) -> Path:
    """Saves a recommender in a folder of `root` named by its content hash; returns the folder.

    Args:
        recommender: with a fitted model.
        root: folder of artefacts, made if missing.
        data: name of its data.
        data_hash: `Interactions.content_hash` of its data.
        scale: lowest and highest rating a viewer can give.
        licence: terms of the data; the site shows them.
        numbering: of the film ids, see `Dataset.namespace`; by default that of `data`.
        source: name of its viewers in the log, see `Dataset.label`; by default `data`.
        training: how it was fitted; `None` if that is unknown.

    Raises:
        ArtefactError: the folder cannot be written.
    """
    model = recommender.model
    manifest: dict[str, object] = {
        "format": FORMAT,
        "matinee": matinee.__version__,
        "model": model.name,
        "config": model.config.model_dump(mode="json"),
        "data": data,
        "data_hash": data_hash,
        "numbering": numbering,
        "source": source,
        "scale": list(scale),
        "licence": licence,
        "films": len(recommender.catalog),
    }
    if training is not None:
        manifest["training"] = asdict(training)
    ratings, provenance = recommender.ratings, recommender.provenance
    if provenance is not None:
        manifest["provenance"] = provenance.to_names()
    parts = {
        _MODEL: model.arrays,
        _CATALOG: recommender.catalog.to_arrays(),
        _SIMILARITY: recommender.similar_films.to_arrays(),
        _RATINGS: ratings.to_arrays() if ratings else {},
        _PROVENANCE: provenance.to_arrays() if provenance else {},
    }
    arrays: dict[str, NDArray[Any]] = {
        prefix + name: array for prefix, part in parts.items() for name, array in part.items()
    }
    return artefacts.save(root, arrays, manifest)


def load_recommender(folder: Path) -> Recommender:
    """The recommender of a folder, memory-mapped. Its version is the start of the content hash.

    Raises:
        ArtefactError: the folder is damaged, of another format, or of an unknown model.
    """
    return restore(artefacts.load(folder))


def restore(artefact: Artefact) -> Recommender:
    """The recommender of a loaded artefact.

    Raises:
        ArtefactError: as `load_recommender`.
    """
    _check_format(artefact)
    try:
        model = create(artefact.manifest["model"], artefact.manifest["config"])
        catalog = Catalog.from_arrays(artefact.part(_CATALOG))
        similarity = FilmSimilarity.from_arrays(artefact.part(_SIMILARITY))
        if similarity is None:
            _log.warning(
                "%s has no table of similar films: they are compared by facts alone until a model "
                "is trained again",
                artefact.folder.name[:12],
            )
    except KeyError as error:
        raise ArtefactError(
            f"{artefact.folder} lacks {error}; train and save the model again"
        ) from None
    except InputError as error:
        raise ArtefactError(
            f"{artefact.folder} cannot be used here: {error}; "
            "install the package of the model, or train and save it again"
        ) from None
    model.arrays = artefact.part(_MODEL)
    return Recommender(
        model,
        catalog,
        artefact.hash[:12],
        scale_of(artefact),
        similarity=similarity,
        ratings=RatingSummary.from_arrays(artefact.part(_RATINGS)),
        provenance=Provenance.restore(
            artefact.manifest.get("provenance"), artefact.part(_PROVENANCE)
        ),
    )


def origin_of(artefact: Artefact) -> tuple[str, str]:
    """Numbering of the film ids, and the source of its viewers in the log."""
    name = PurePath(str(artefact.manifest.get("data", ""))).name  # all that some folders tell
    numbering, source = (artefact.manifest.get(key) for key in ("numbering", "source"))
    return str(numbering or numbering_of(name)), str(source or name)


def scale_of(artefact: Artefact) -> tuple[float, float]:
    """Lowest and highest rating a viewer can give."""
    low, high = artefact.manifest["scale"]
    return float(low), float(high)


def _check_format(artefact: Artefact) -> None:
    version = artefact.manifest.get("format")
    if not isinstance(version, int):
        raise ArtefactError(
            f"{artefact.folder} has arrays, but no recommender; name a folder that matinee saved"
        )
    if version > FORMAT:
        raise ArtefactError(
            f"{artefact.folder} has format {version}, and this matinee reads up to {FORMAT}; "
            "install the newer matinee that wrote it, or train and save the model again"
        )
    if version < FORMAT:
        raise ArtefactError(
            f"{artefact.folder} has format {version}, of an older matinee; train and save the "
            "model again"
        )
