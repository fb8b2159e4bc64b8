"""Colours of a style sheet, and whether one can be read on another."""

from __future__ import annotations

import re


def colours(style: str, scheme: str) -> dict[str, str]:
    """The custom properties that are colours, in the light or the dark scheme."""
    light, dark = re.split(
        r"@media (?:screen and )?\(prefers-color-scheme: dark\)", style, maxsplit=1
    )
    dark = dark.split("@media print")[0]
    by_day, by_night = (dict(re.findall(r"--([\w-]+): (#\w{6});", each)) for each in (light, dark))
    return by_day if scheme == "light" else by_day | by_night


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
