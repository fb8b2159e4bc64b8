"""What naming the models costs."""

from __future__ import annotations

import subprocess
import sys


def test_listing_and_creating_models_imports_neither_numba_nor_scikit_learn() -> None:
    program = (
        "import sys\n"
        "from matinee import models, plugins\n"
        "for name in plugins.names('models'): models.create(name)\n"
        "print([each for each in ('numba', 'sklearn', 'torch') if each in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
