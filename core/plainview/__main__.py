"""`python -m plainview` is `plainview`."""

from plainview.cli import main

main()
