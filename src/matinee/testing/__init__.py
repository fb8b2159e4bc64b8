"""The contract of models as checks: `check_model(Mine)` names every rule a model breaks.

In a test suite, one case per rule:

    @pytest.mark.parametrize("rule", matinee.testing.RULES, ids=lambda rule: rule.__name__)
    def test_mine(rule):
        rule(matinee.testing.Subject(Mine))
"""

from __future__ import annotations

from matinee.models import Config, Model
from matinee.testing.planted import planted_catalog, planted_ratings
from matinee.testing.rules import RULES
from matinee.testing.subject import ContractError, NotApplicableError, Subject

__all__ = [
    "RULES",
    "ContractError",
    "NotApplicableError",
    "Subject",
    "check_model",
    "planted_catalog",
    "planted_ratings",
]


def check_model(kind: type[Model], config: Config | None = None) -> None:
    """Fits a model on small planted data and checks every rule.

    Args:
        kind: the class of the model.
        config: options; the defaults if omitted. Options that make the fit fast are fine.

    Raises:
        ContractError: one line per broken rule.
    """
    subject = Subject(kind, config)
    broken = []
    for rule in RULES:
        try:
            rule(subject)
        except NotApplicableError:
            continue
        except ContractError as error:
            broken.append(f"{rule.__name__}: {error}")
        except Exception as error:  # noqa: BLE001  whatever a foreign model raises is its answer
            broken.append(f"{rule.__name__}: raised {type(error).__name__}: {error}")
    if broken:
        raise ContractError(f"{kind.__name__} breaks the contract\n" + "\n".join(broken))
