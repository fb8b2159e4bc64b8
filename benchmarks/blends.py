"""Claim A3 (blend): a blend ranks better than the best of its parts.

    python benchmarks/blends.py --data ml-1m --protocol strong --min-rating 4 --k 20 100
    python benchmarks/blends.py --data ml-100k --protocol random --seeds 0 1 2

Options of parts named without any are chosen on validation, and the blend uses the most frequent
choice. It learns its weights inside the training part.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from matinee.data.fetching.cache import Cache
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import ModelLike
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.models._blend.parts import Part, read_parts
from matinee.service.datasets import load
from matinee.settings import load_settings

_PARTS = ["dlae", "ials factors=64 unobserved_weight=0.05 l2=0.01"]


def main() -> None:
    """Evaluates and prints the parts, then their blend."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--data", default="ml-1m")
    parser.add_argument("--protocol", default="strong")
    parser.add_argument("--min-rating", type=float)
    parser.add_argument("--k", type=int, nargs="+", default=[10])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--parts", nargs="+", default=_PARTS)
    parser.add_argument("--depth", type=int, default=50)
    options = parser.parse_args()
    settings = load_settings()
    dataset = load(options.data, Cache(home=settings.home, mirror=settings.mirror))

    def compared(models: Sequence[ModelLike]) -> Comparison:
        recipe = Recipe(
            models,
            protocol=options.protocol,
            k=options.k,
            min_rating=options.min_rating,
            seeds=options.seeds,
        )
        return evaluate(recipe, dataset)

    named = [part for text in options.parts for part in read_parts(text)]
    entries: list[ModelLike] = [
        (part.name, dict(part.options)) if part.options else part.name for part in named
    ]
    singles = compared(entries)
    parts = [part if part.options else _chosen(singles, part.name) for part in named]
    text = " + ".join(map(str, parts))
    print(f"blend of {text}")
    blended = compared([("blend", {"parts": text, "depth": options.depth})])
    for comparison in (singles, blended):
        for result in comparison.results:
            labels = [f"{metric}@{k}" for metric in ("ndcg", "recall") for k in options.k]
            values = "  ".join(f"{at} {result.means[at]:.4f}" for at in labels)
            print(f"{result.name:60}{values}", flush=True)


def _chosen(comparison: Comparison, name: str) -> Part:
    """A part with the options chosen for most of its splits."""
    (result,) = (each for each in comparison.results if each.name == name)
    often = Counter(
        tuple((option, str(value)) for option, value in split.options.items())
        for split in result.splits
    )
    return Part(name, often.most_common(1)[0][0])


if __name__ == "__main__":
    main()
