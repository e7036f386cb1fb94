"""Does a release differ from itself? Random specifications and rows, and everything that a comparison may not find there."""
