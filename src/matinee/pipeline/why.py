"""Why one film stands where it stands for one viewer, recommended or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.content.kinds import kinds_in_words
from matinee.data import Expected, Film, Histories, Query, Reason, ReasonFilm
from matinee.data.constraints.conditions import Condition
from matinee.display import formats
from matinee.pipeline.candidates import Candidates
from matinee.pipeline.expected import expected
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.reasons import common_parts, explain_each, own_rating, parts_of_scores

__all__ = ["Discount", "Part", "Why", "why"]

_SMALLEST_SHARE = 0.1
"""What takes a smaller share of a score is not named in the text."""
_MOST_NAMED = 2


@dataclass(frozen=True)
class Part:
    """What one film of the history adds to a score.

    Attributes:
        id: of the film of the history.
        label: its title and year.
        rating: the viewer's, on their own scale; `None` for a film marked as not for them.
        part: what it adds; the parts, `Why.common` and the discount sum to the score.
        share: `part` over the sum of all sizes, from -1 to 1: below 0 it counts against the film.
    """

    id: str
    label: str
    rating: float | None
    part: float
    share: float


@dataclass(frozen=True)
class Discount:
    """What a film loses because the viewer rated films of its kinds low.

    Attributes:
        part: what it loses, below 0; the parts, `Why.common` and this sum to the score.
        share: as `Part.share`.
        kinds: at most two, the strongest first: "crime films", "films by Martin Scorsese".
        film: the lowest rated film of the first kind; its rating is `None` if all of them were
            marked as not for the viewer.
        rated: number of other films of that kind that were rated low.
        marked: number of other films of that kind that were marked as not for the viewer.
    """

    part: float
    share: float
    kinds: tuple[str, ...]
    film: ReasonFilm
    rated: int
    marked: int

    def text(self) -> str:
        """Such as "Fewer crime films for you: you rated Casino (1995) 1, and 9 others low."."""
        label, marked = self.film.label, formats.count(self.marked, "other")
        if self.film.rating is None:
            names = f"{label} and {marked}" if self.marked else label
            why = f"you marked {names} as not for you"
        else:
            why = f"you rated {label} {self.film.rating:g}"
            why += f", and {formats.count(self.rated, 'other')} low" if self.rated else ""
            why += f", and marked {marked} as not for you" if self.marked else ""
        return f"Fewer {kinds_in_words(self.kinds)} for you: {why}."


@dataclass(frozen=True)
class Why:
    """One film for one viewer.

    Attributes:
        film: the film.
        model: the name of the model that scored it.
        score: its score; only the order of scores has a meaning, unless the model predicts ratings.
        rank: its place among the films that can be recommended, from 1; `None` if it cannot be.
        ranked: how many films can be recommended to this viewer.
        obstacle: why it is never recommended, in words; "" if it can be.
        rating: the viewer's own, if they have rated it.
        expected: the rating to expect, if the model predicts ratings and there is a history.
        reason: as in a ranking.
        parts: of every film of the history, largest first; none if the score is no such sum, or
            nothing in the history adds to it.
        common: the rest of the score, which the film has for every viewer, such as being watched a
            lot; 0 if the parts are all, or if the score is no such sum.
        discount: what it loses for its kinds; `None` if nothing.
    """

    film: Film
    model: str
    score: float
    rank: int | None
    ranked: int
    obstacle: str
    rating: float | None
    expected: Expected | None
    reason: Reason
    parts: tuple[Part, ...]
    common: float = 0.0
    discount: Discount | None = None

    def __str__(self) -> str:
        """One to four sentences to the viewer."""
        texts = (self._place(), self._because(), self._discounted(), self._against())
        return " ".join(filter(None, texts))

    @property
    def common_share(self) -> float:
        """`common` over the sum of all sizes, as `Part.share`, from -1 to 1."""
        sizes = abs(self.common) + sum(abs(each.part) for each in self.parts)
        sizes += abs(self.discount.part) if self.discount else 0
        return self.common / sizes if sizes else 0.0

    @property
    def other_terms(self) -> list[tuple[str, float, float]]:
        """What the score has beside the films of the history: a label, the part and the share."""
        terms = []
        if self.common:
            terms.append(("for everybody (how widely watched)", self.common, self.common_share))
        if self.discount:
            label = f"for its kind ({kinds_in_words(self.discount.kinds)})"
            terms.append((label, self.discount.part, self.discount.share))
        return terms

    def to_frame(self) -> pl.DataFrame:
        """The terms of the score: item_id, title, rating, part, share.

        First the films of the history, then `other_terms`, which have no id and no rating.
        """
        films = [(each.id, each.label, each.rating, each.part, each.share) for each in self.parts]
        others = [(None, label, None, part, share) for label, part, share in self.other_terms]
        return pl.DataFrame(
            [*films, *others],
            schema={
                "item_id": pl.String,
                "title": pl.String,
                "rating": pl.Float32,
                "part": pl.Float32,
                "share": pl.Float32,
            },
            orient="row",
        )

    def _place(self) -> str:
        if self.rank is None:
            return f"{self.film.label} is not recommended to you: {self.obstacle}."
        stars = "" if self.expected is None else f", with an expected rating of {self.expected}"
        return f"{self.film.label} is number {self.rank:,} of {self.ranked:,} films for you{stars}."

    def _because(self) -> str:
        if self.rank is None or (self.reason.kind == "untouched" and self.parts):
            return ""
        text = self.reason.text()
        return text if text.endswith(".") else f"{text}."

    def _discounted(self) -> str:
        if self.rank is None or self.discount is None:
            return ""
        least = _SMALLEST_SHARE * abs(self.score - self.discount.part)
        return self.discount.text() if -self.discount.part >= least else ""

    def _against(self) -> str:
        against = [each for each in reversed(self.parts) if each.share < 0]
        if self.rank is None or -sum(each.share for each in against) < _SMALLEST_SHARE:
            return ""
        rated = [each for each in against if each.rating is not None]
        named = [each.label for each in rated[:1]]
        named += [each.label for each in rated[1:_MOST_NAMED] if each.share <= -_SMALLEST_SHARE]
        more = [each for each in rated[len(named) :] if each.share <= rated[0].share / 2]
        named += [formats.count(len(more), "other film")] if more else []
        dismissed = [each.label for each in against if each.rating is None][:_MOST_NAMED]
        verb = "count" if len(named) > 1 else "counts"
        texts = (
            f"{formats.listed(named)} {verb} against it." if named else "",
            f"You marked {formats.listed(dismissed)} as not for you." if dismissed else "",
        )
        return " ".join(filter(None, texts))


def why(fitted: FittedModel, query: Query, item: int) -> Why:
    """Why the film in row `item` stands where it stands for a viewer."""
    model, catalog = fitted.model, fitted.catalog
    scored = fitted.score(query)
    scores = scored.total
    films = Candidates.of(query, scores, catalog, fitted.copies)
    row, by_model = np.array([item], dtype=np.int32), scored.by_model[item]
    loss = 0.0 if scored.discount is None else float(scored.discount[item])
    mine = np.flatnonzero(query.items == item)
    history = len(query) + len(query.dismissed)
    added = parts_of_scores(model, query, row) if history else None
    rest = float(by_model) if model.common_part else 0.0
    rest = rest if added is None else float(common_parts(scored.by_model[row], added)[0])
    parts = np.zeros(0, dtype=np.float32) if added is None else added[0]
    sizes = float(np.abs(parts).sum(dtype=np.float64)) + abs(rest)
    sizes = (sizes or abs(float(by_model))) + abs(loss)  # a score that is no sum is one term
    return Why(
        film=catalog.film(item),
        model=model.name,
        score=float(scores[item]),
        rank=films.rank(item, scores),
        ranked=films.count,
        obstacle="" if films.films[item] else _obstacle(fitted, query, item, films.rules),
        rating=own_rating(query, int(mine[0])) if len(mine) else None,
        expected=next(iter(expected(model, query, row)), None),
        reason=explain_each(fitted, query, row, scored.by_model)[0],
        parts=_parts(fitted, query, parts, sizes),
        common=rest,
        discount=_discount(fitted, query, item, loss, sizes) if loss else None,
    )


def _obstacle(fitted: FittedModel, query: Query, item: int, rules: tuple[Condition, ...]) -> str:
    """The first thing that keeps a film from being recommended, in words."""
    copies = fitted.copies.of(np.array([item])).tolist()
    same = [item, *(each for each in copies if each != item)]
    for place, row in enumerate(query.items.tolist()):
        if row in same:
            other = "" if row == item else f", as #{fitted.catalog.item_ids.ids[row]}"
            watched = fitted.model.counts and not len(query.own)
            verb = "watched it" if watched else f"rated it {own_rating(query, place):g}"
            return f"you {verb}{other}"
    if not set(same).isdisjoint(query.dismissed.tolist()):
        return "you marked it as not for you"
    if not set(same).isdisjoint(query.exclude.tolist()):
        return "you have seen it or asked to leave it out"
    if query.among is not None and item not in query.among:
        return "it is not among the films to choose from"
    failed = [rule.term.phrase for rule in rules if not rule.meets[item]]
    if failed:
        return f"it does not meet: {', '.join(failed)}"
    ids = formats.listed(f"#{fitted.catalog.item_ids.ids[each]}" for each in same[1:])
    return f"the same film is listed as {ids}"


def _parts(
    fitted: FittedModel, query: Query, parts: NDArray[np.float32], sizes: float
) -> tuple[Part, ...]:
    if not parts.any():  # the prior answered, or the score is no sum
        return ()
    catalog = fitted.catalog
    ids, films = catalog.item_ids.ids, np.concatenate([query.items, query.dismissed])
    return tuple(
        Part(
            id=str(ids[films[place]]),
            label=catalog.film(int(films[place])).label,
            rating=own_rating(query, place) if place < len(query) else None,
            part=float(parts[place]),
            share=float(parts[place]) / sizes,
        )
        for place in np.argsort(-parts, kind="stable").tolist()
    )


def _discount(
    fitted: FittedModel, query: Query, item: int, loss: float, sizes: float
) -> Discount | None:
    """The loss of one film, with the kinds that are at least half as strong as the first.

    `sizes` is the sum of the sizes of all terms of the score.
    """
    if fitted.discounts is None:
        return None
    history = Histories.of(query, fitted.model.n_items)
    (name, disliked, most), *rest = fitted.discounts.against(history, item)
    kinds = [name, *(other for other, _, evidence in rest if evidence >= most / 2)]
    rated = disliked[np.isin(disliked, query.items)]
    row = int(rated[0] if len(rated) else disliked[0])
    place, film = np.flatnonzero(query.items == row), fitted.catalog.film(row)
    rating = own_rating(query, int(place[0])) if len(place) else None
    return Discount(
        part=loss,
        share=loss / sizes,
        kinds=tuple(kinds[:_MOST_NAMED]),
        film=ReasonFilm(film.id, film.label, rating),
        rated=max(len(rated) - 1, 0),
        marked=len(disliked) - max(len(rated), 1),
    )
