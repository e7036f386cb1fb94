"""Small changes of images that should not matter: ``(image, random, strength) -> image``, of the same shape and type.

``strength`` is a part of the range of brightness (255 for whole numbers of 8 bits, 1 for fractions), the blur's standard
deviation as a part of the shorter side, or a part of a right angle.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Image = np.ndarray


@dataclass(frozen=True)
class ImageChange:
    """A row of `PICTURES`."""

    change: Callable[[Image, np.random.Generator, float], Image]
    said: str
    strength: float  # where the check names none


def brightness(image: Image, random: np.random.Generator, strength: float) -> Image:
    """Lighter or darker by ``strength`` of the range."""
    return _as_before(image + (strength if random.random() < 0.5 else -strength) * _range(image), image)


def contrast(image: Image, random: np.random.Generator, strength: float) -> Image:
    """Distances from the mean stretched or shrunk by ``strength``."""
    factor = 1 + (strength if random.random() < 0.5 else -strength)
    return _as_before(image.mean() + (image.astype(float) - image.mean()) * factor, image)


def blur(image: Image, random: np.random.Generator, strength: float) -> Image:
    """A Gaussian blur."""
    from scipy.ndimage import gaussian_filter

    width = strength * min(image.shape[:2])
    return _as_before(gaussian_filter(image.astype(float), sigma=(width, width, *[0.0] * (image.ndim - 2))), image)


def noise(image: Image, random: np.random.Generator, strength: float) -> Image:
    """Normal noise with a standard deviation of ``strength`` of the range."""
    return _as_before(image + random.normal(0, strength * _range(image), image.shape), image)


def rotation(image: Image, random: np.random.Generator, strength: float) -> Image:
    """Turned about its middle, either way; the edge fills the corners."""
    from scipy.ndimage import rotate

    angle = 90 * strength * (1 if random.random() < 0.5 else -1)
    return _as_before(rotate(image.astype(float), angle, reshape=False, order=1, mode="nearest"), image)


def _range(image: Image) -> float:
    return float(np.iinfo(image.dtype).max) if image.dtype.kind in "ui" else 1.0


def _as_before(made: Image, image: Image) -> Image:
    if image.dtype.kind not in "ui":
        low, high = min(0.0, float(image.min())), max(1.0, float(image.max()))
        return np.clip(made, low, high).astype(image.dtype)
    low, high = (
        (0, np.iinfo(image.dtype).max) if image.min() >= 0 else (np.iinfo(image.dtype).min, np.iinfo(image.dtype).max)
    )
    return np.clip(np.rint(made), low, high).astype(image.dtype)


PICTURES: dict[str, ImageChange] = {
    "brightness": ImageChange(brightness, "brightness", 0.15),
    "contrast": ImageChange(contrast, "contrast", 0.2),
    "blur": ImageChange(blur, "blur", 0.02),
    "pixel noise": ImageChange(noise, "noise in the pixels", 0.05),
    "rotation": ImageChange(rotation, "rotation", 0.1),
}
