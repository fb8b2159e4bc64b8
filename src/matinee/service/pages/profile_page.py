"""The profile of a data set as one HTML page that opens without a network."""

from __future__ import annotations

from matinee.data.profiles.charts import charts
from matinee.data.profiles.profile import Profile
from matinee.data.profiles.rows import sections
from matinee.service.pages.page import page

__all__ = ["profile_page"]


def profile_page(profile: Profile) -> str:
    """A page of charts and tables, with Plotly's script: about 5 MB.

    Raises:
        FailureError: Plotly is not installed.
    """
    drawn = list(charts(profile))
    return page(
        "profile_page.html",
        drawn,
        {"profile": profile, "sections": sections(profile), "charts": drawn},
    )
