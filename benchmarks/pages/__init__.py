"""How fast the pages are, beside an empty app with as many pages, and what a crowd of readers costs."""
