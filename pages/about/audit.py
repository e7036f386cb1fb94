"""Who wrote what, and who took what away, in the projects that the reader administers."""

import polars as pl
import streamlit as st

from plainview.narrative.logs import deed, log_answer
from plainview.texts import _
from plainview.ui import cached_log, links, tables
from plainview.ui.downloads import download
from plainview.ui.plain import plain
from plainview.ui.states import nothing

st.title(_("Log of writes and exports"), anchor=False)
entries = cached_log.audit_log()
st.header(plain(log_answer(entries)), anchor=False)
wanted = links.text(_("Find"), "search", placeholder=_("A person, a project, a kind")).casefold()
rows = [
    {
        _("When (UTC)"): f"{entry.at:%-d %b %Y, %H:%M:%S}",
        _("Who"): entry.actor,
        _("Did"): deed(entry),
        _("Project"): entry.project,
        _("Release"): entry.release,
        _("What"): entry.what or None,
        _("Record"): entry.id,
    }
    for entry in entries
]
found = [row for row in rows if wanted in " ".join(filter(None, row.values())).casefold()]
if found:
    frame = pl.DataFrame(found, infer_schema_length=None)
    page = links.pages(-(-frame.height // tables.PAGE))
    shown = frame.slice((page - 1) * tables.PAGE, tables.PAGE)
    tables.plain_table(shown, key=f"log_{page}", alt=_("{count} lines, the latest first.").format(count=len(found)))
    download(
        _("Download the log"),
        lambda: tables.safe_csv(frame),
        "log.csv",
        "text/csv",
        project=entries[0].project,
        key="log",
    )
elif entries:
    nothing(_("No line says that"), _("Every line is shown where nothing is asked for."))
st.caption(
    _(
        "Publishing, answers, reviews, decisions and everything else that is kept names who wrote it, and what is kept is only "
        "ever added to; `plainview verify` finds what was altered. A download leaves a line before its file is handed out."
    )
)
