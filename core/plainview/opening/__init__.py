"""Opening files that may be hostile: what a file would open to is reckoned before memory is spent on it.

limits.py says how much a file may open to, packed.py unpacks gzip within it; parquet_pages.py, arrow_messages.py and
json_lines.py each reckon one format. None of them trusts a number that a file says of itself and that is not checked.
"""
