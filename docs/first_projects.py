"""Writes docs/first-projects.md: the scripts in examples/ with their output.

Run `python docs/first_projects.py` after changing an example; a test compares code and output.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "first-projects.md"
EXAMPLES = {
    "similar_films": (
        "Similar films with TF-IDF",
        (
            "Each film becomes a vector of the words, genres and people that describe it. The output below comes from\n"
            "`tmdb_5000_movies.csv` alone; with the credits file beside it, cast and directors count as well."
        ),
    ),
    "matrix_factorisation": (
        "Rating prediction with matrix factorisation",
        (
            "SVD learns a few numbers for each film and each viewer, and their product predicts a rating. RMSE is the error\n"
            "in stars. [Rating models](every-model.md) has more accurate ones and the same table for other libraries."
        ),
    ),
}


def output(name: str) -> str:
    """The output of an example."""
    script = ROOT / "examples" / f"{name}.py"
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return run.stdout


def section(name: str, printed: str) -> str:
    """One example as Markdown: heading, introduction, code, output."""
    heading, introduction = EXAMPLES[name]
    code = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8")
    return f"## {heading}\n\n{introduction}\n\n```python\n{code}```\n\n```text\n{printed}```\n"


if __name__ == "__main__":
    introduction = (
        "# Two first projects\n\nThe two exercises most courses on recommendation start with. Both scripts lie in\n"
        "`examples/` and run as they stand: `python examples/similar_films.py`.\n"
    )
    parts = [introduction, *(section(name, output(name)) for name in EXAMPLES)]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
