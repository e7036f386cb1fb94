"""Reports to hand on: one document from the store, and a renderer for each format. Needs the extra ``export``.

```
store ──as it was pinned──▶ Report ──▶ Document ──▶ Markdown · HTML · PDF · PPTX · JSON
```
Nothing in a document hangs on when or where it is made, so the same inputs give the same bytes. Every file carries a
manifest: which records it is of, and every number in it by scenario, metric and field. ``plainview verify FILE`` reads it.
"""
