from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from fastapi.openapi.models import OpenAPI


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json()


def test_the_description_is_a_valid_openapi_document(document: dict[str, Any]) -> None:
    assert OpenAPI.model_validate(document).openapi.startswith("3.")
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document)))
    assert references
    assert references <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in document["components"]["schemas"]  # the framework's


def test_every_endpoint_describes_its_answers(document: dict[str, Any]) -> None:
    assert len(document["paths"]) == 11
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"]
            errors = [each for status, each in operation["responses"].items() if status != "200"]
            for error in errors:
                assert list(error["content"]) == ["application/problem+json"], path
