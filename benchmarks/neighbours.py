"""Claim P5: neighbours with baselines at least as good as Surprise's in a tenth of its time.

    python benchmarks/neighbours.py [--data ml-100k] [--fold 1] [--rounds 5]

Both with their defaults. Other libraries run in their own environment (`make peers`).
"""

from __future__ import annotations

from rating_fold import compare

if __name__ == "__main__":
    compare(str(__doc__), ["user-knn-ratings", "item-knn-ratings"], "KNNBaseline")
