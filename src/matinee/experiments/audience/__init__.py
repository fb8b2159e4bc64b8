"""Generated audiences for load tests and for experiments with a known truth."""

from matinee.experiments.audience.config import AudienceConfig
from matinee.experiments.audience.draw import audience
from matinee.experiments.audience.files import Summary, generate, read_audience
from matinee.experiments.audience.resemblance import Measured, compare, shape

__all__ = [
    "AudienceConfig",
    "Measured",
    "Summary",
    "audience",
    "compare",
    "generate",
    "read_audience",
    "shape",
]
