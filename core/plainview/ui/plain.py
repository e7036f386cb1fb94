"""Text from artifacts on a page: it reads as it was written, whatever it says. A block of text goes through ``st.text``."""

from plainview.escaping import JOINER
from plainview.escaping import markdown as plain

__all__ = ["JOINER", "plain"]
