"""Forms as a browser reads and sends them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import httpx


def form_of(text: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with an address."""
    form = re.search(rf'<form[^>]+action="{re.escape(action)}".*?</form>', text, re.DOTALL)
    assert form is not None, action
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: html.unescape(value) for name, value in fields}


def cards(text: str) -> list[str]:
    """Ids of the films on the cards of a page, in their order."""
    return re.findall(r'<a class="card-link" href="/films/(\d+)', text)


def press(client: httpx.Client, action: str, fields: Mapping[str, str]) -> httpx.Response:
    """Sends a form, and again where the answer says so: the first time it sets the cookie."""
    answer = client.post(action, data=fields)
    if answer.status_code == 307:
        answer = client.post(answer.headers["location"], data=fields)
    return answer


def ratings_of(client: httpx.Client) -> dict[str, float]:
    """The current ratings of a client by film."""
    ratings = client.get("/api/v1/viewers/me").json()["ratings"]
    return {each["film"]["id"]: each["value"] for each in ratings}
