"""Without Plotly there is no page."""

from __future__ import annotations

import re
import sys

import pytest

from matinee.errors import FailureError
from matinee.service.pages.page import page


def test_without_plotly_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("plotly", "plotly.io", "plotly.offline"):
        monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    with pytest.raises(FailureError, match=re.escape("pip install 'matinee[report]'")):
        page("profile_page.html", [], {})
