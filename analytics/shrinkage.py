"""Means of few observations, drawn towards what is usual."""

from typing import overload

import numpy as np
from numpy.typing import NDArray

USUAL_STRENGTH = 5.0


@overload
def shrunk(n: float, mean: float, prior: float, strength: float = ...) -> float: ...
@overload
def shrunk(
    n: NDArray[np.float64], mean: NDArray[np.float64], prior: float, strength: float = ...
) -> NDArray[np.float64]: ...
def shrunk(
    n: float | NDArray[np.float64],
    mean: float | NDArray[np.float64],
    prior: float,
    strength: float = USUAL_STRENGTH,
) -> float | NDArray[np.float64]:
    """x̃ = (n·x̄ + m·μ) / (n + m): a mean x̄ of n observations with m imagined ones at the prior μ; numbers or (n,).

    Raises ValueError for a negative n or a strength m that is not positive.
    """
    if not strength > 0:
        raise ValueError(f"strength {strength}: must be positive")
    if np.any(np.asarray(n) < 0):
        raise ValueError("a number of observations is negative")
    return (n * mean + strength * prior) / (n + strength)
