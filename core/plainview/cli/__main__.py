"""`python -m plainview.cli` is `plainview`."""

from plainview.cli import main

main()
