"""The saved models of a site: which one is live, which were, and going from one to another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from matinee.data.fetching.cache import silent
from matinee.errors import ArtefactError, InputError, NotLiveError, UnknownNameError
from matinee.service.promote import ROLLBACKS, promote
from matinee.service.site import Site
from matinee.store import Promotion, Training, artefacts

__all__ = ["SavedModel", "live_model", "promote_hash", "prune", "roll_back", "saved_models"]

_SHORTEST = 6
"""Digits of a content hash that name an artefact."""

State = Literal["live", "former", "saved", "broken"]


@dataclass(frozen=True)
class SavedModel:
    """An artefact of a site, from its manifest.

    Attributes:
        hash: the content hash, the name of its folder.
        state: live, former (it was live), saved (it never was), or broken.
        model: name of the model; "" if the manifest is damaged, as for all below.
        data: name of its data set.
        until: Unix seconds of its newest rating; 0 if unknown.
        ratings: how many ratings it was fitted to; 0 if unknown.
        films: in its catalogue.
        bytes: on disk.
        since: Unix seconds of its last promotion; 0 if it never was live.
        note: of that promotion.
        problem: why it is broken, with the way out; "" if it is sound.
    """

    hash: str
    state: State
    model: str
    data: str
    until: int
    ratings: int
    films: int
    bytes: int
    since: int
    note: str
    problem: str

    @property
    def version(self) -> str:
        """As answers name it."""
        return self.hash[:12]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"version": self.version, **asdict(self)}


def live_model(site: Site) -> SavedModel:
    """The promoted artefact.

    Raises:
        NotLiveError: no model was promoted yet.
    """
    promotions = site._store.promotions()
    if not promotions:
        raise NotLiveError(
            "no model is live yet; run `matinee demo` or "
            "`matinee train MODEL --data NAME --promote`"
        )
    return _saved(site.artefacts / promotions[0].artefact, promotions)


def saved_models(site: Site) -> list[SavedModel]:
    """The live model, then those that were live, the last one first, then all others by age.

    Names, types and shapes of their arrays are checked, not every byte.
    """
    promotions = site._store.promotions()
    order = {each.artefact: each.seq for each in reversed(promotions)}
    folders = {each.name: each for each in artefacts.list_artefacts(site.artefacts)}
    if promotions:
        folders.setdefault(promotions[0].artefact, site.artefacts / promotions[0].artefact)
    return sorted(
        (_saved(folder, promotions) for folder in folders.values()),
        key=lambda each: -order.get(each.hash, 0),
    )


def promote_hash(site: Site, digits: str, say: Callable[[str], None] = silent) -> SavedModel:
    """Makes an artefact live by the first digits of its hash.

    Raises:
        UnknownNameError: no artefact has such a hash.
        InputError: fewer than six digits, or those of several artefacts.
        ArtefactError: it is damaged; the live model serves on.
    """
    if len(digits) < _SHORTEST:
        raise InputError(
            f"{digits!r} is too short to name a model; give at least {_SHORTEST} digits of its "
            "hash, see `matinee models list`"
        )
    known = [each.name for each in artefacts.list_artefacts(site.artefacts)]
    found = [each for each in known if each.startswith(digits.lower())]
    if not found:
        raise UnknownNameError("saved model", digits, hint="see `matinee models list`")
    if len(found) > 1:
        raise InputError(f"{digits!r} is the beginning of {len(found)} hashes; give more digits")
    return _promoted(site, found[0], "matinee models promote", say)


def roll_back(site: Site, say: Callable[[str], None] = silent) -> SavedModel:
    """Makes the model live that was before the live one; done again, the one before that.

    Raises:
        InputError: no other model was live before.
        ArtefactError: it is damaged or deleted; the live model serves on.
    """
    earlier = _succession(site._store.promotions())
    if len(earlier) < 2:
        raise InputError(
            "no other model was live before this one; see `matinee models list`, and make one of "
            "them live with `matinee models promote HASH`"
        )
    return _promoted(site, earlier[-2], "matinee models rollback", say)


def prune(site: Site, keep: int = ROLLBACKS) -> list[SavedModel]:
    """Deletes artefacts from before the last promotion but the `keep` that were live last.

    The live one always stays, and so does what was saved since it was promoted. Returns what was
    deleted. A process that has mapped the files of one keeps them.

    Raises:
        InputError: fewer than one is to be kept.
    """
    if keep < 1:
        raise InputError(f"keep is at least 1, since the live model stays, not {keep}")
    promotions = site._store.promotions()
    if not promotions:
        return []
    last_live, deleted = set(site._store.last_live(keep)), []
    live = site.artefacts / promotions[0].artefact / artefacts.MANIFEST
    since = max(promotions[0].time, live.stat().st_mtime if live.is_file() else 0)
    for folder in artefacts.list_artefacts(site.artefacts):
        saved_at = (folder / artefacts.MANIFEST).stat().st_mtime
        if folder.name not in last_live and saved_at <= since:
            deleted.append(_saved(folder, promotions))
            shutil.rmtree(folder, ignore_errors=True)
    return deleted


def _promoted(site: Site, name: str, note: str, say: Callable[[str], None]) -> SavedModel:
    promote(site, site.artefacts / name, note, say)
    return live_model(site)


def _succession(promotions: tuple[Promotion, ...]) -> list[str]:
    """The artefacts that lead to the live one, which is last.

    Promoting a former one again goes back to it, so those after it do not count any more.
    """
    earlier: list[str] = []
    for each in reversed(promotions):
        if each.artefact in earlier:
            del earlier[earlier.index(each.artefact) + 1 :]
        else:
            earlier.append(each.artefact)
    return earlier


def _saved(folder: Path, promotions: tuple[Promotion, ...]) -> SavedModel:
    last = next((each for each in promotions if each.artefact == folder.name), None)
    live = bool(promotions) and folder.name == promotions[0].artefact
    manifest: dict[str, Any] = {}
    problem = ""
    try:
        _, manifest = artefacts.read_manifest(folder)
        artefacts.load(folder)
    except ArtefactError as error:
        problem = str(error)
    training = Training.of(manifest)
    usual: State = "live" if live else "former" if last else "saved"
    return SavedModel(
        hash=folder.name,
        state="broken" if problem else usual,
        model=str(manifest.get("model", "")),
        data=str(manifest.get("data", "")),
        until=training.until,
        ratings=training.ratings,
        films=int(manifest.get("films", 0)),
        bytes=sum(each.stat().st_size for each in folder.glob("*")),
        since=last.time if last else 0,
        note=last.note if last else "",
        problem=problem,
    )
