"""How evaluations get here: the specification, and the lines that publish a release."""

import streamlit as st

from plainview.texts import _
from plainview.ui import cache, components, links

SPECIFICATION = """project: sentiment
title: Sentiment of customer reviews
task: classification
columns: {id: id, label: label, prediction: prediction}
metrics: [accuracy, macro_f1]
margin: 0.01
behaviours:
  - name: Understands negation
    why: A third of complaints contain one.
    owner: language team
    scenarios:
      - {name: With a negation, where: "has_negation = 1"}
requirements:
  - {id: REQ-1, scenario: With a negation, metric: accuracy, at_least: 0.45, priority: must}
  - {id: REQ-2, scenario: all, metric: accuracy, no_worse_than: previous, priority: must}
"""
PYTHON = """import plainview

plainview.publish(
    frame,                                  # pandas, Polars, Arrow, or the path of a file
    specification="specification.yaml",
    release="3.0.1",
    released="2017-02-26",
    store={store!r},
)
"""

components.heading(
    _("Publish an evaluation"),
    _("One row an example, one file that says what is demanded, one call for each release."),
)
st.subheader(_("1. Say what is demanded"), anchor=False)
st.text(_("specification.yaml names the behaviours in plain words, and the scenarios that measure them in SQL."))
components.code(SPECIFICATION, language="yaml")
st.subheader(_("2. Publish a release"), anchor=False)
st.text(_("From a notebook or a script:"))
components.code(PYTHON.format(store=cache.store_address()), language="python")
st.text(_("From a shell or from CI:"))
components.code(
    "plainview publish predictions.csv --specification specification.yaml --release 3.0.1 --released 2017-02-26"
    + cache.store_option()
)
st.text(
    _(
        "Every row needs an id that stays the same from release to release: it is what pairs two releases example by example. "
        "A label or a prediction that is missing is counted and never guessed. Publishing the same content again changes "
        "nothing; other content under the same name is a new revision, and the old one stays readable."
    )
)
st.subheader(_("3. Read what changed"), anchor=False)
store = cache.store_option()
components.code(f"plainview compare sentiment 2.1.0 3.0.1{store}\nplainview serve{store}")
links.link("release/report", _("The latest report"), scenario=None, metric=None)
links.link("about/methods", _("What every number means"))
st.text(_("This app reads from: {address}").format(address=cache.store_address()))
