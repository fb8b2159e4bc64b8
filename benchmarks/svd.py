"""Claim P3: biased matrix factorisation at least as good as Surprise's in an eighth of its time.

    python benchmarks/svd.py [--data ml-100k] [--fold 1] [--rounds 5]

Both with 100 factors and 20 epochs, otherwise with their defaults. Other libraries run in their own
environment (`make peers`).
"""

from __future__ import annotations

from rating_fold import compare

if __name__ == "__main__":
    compare(str(__doc__), ["svd"], "SVD")
