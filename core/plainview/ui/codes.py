"""How words that the code compares are read on a page: states, verdicts, statuses, kinds. What is kept and asked for stays."""

from plainview.texts import _

KNOWN = {
    # states
    "Pass": _("Pass"),
    "Watch": _("Watch"),
    "Fail": _("Fail"),
    "No evidence": _("No evidence"),
    "Measured": _("Measured"),
    # verdicts
    "better": _("better"),
    "worse": _("worse"),
    "equivalent": _("equivalent"),
    "inconclusive": _("inconclusive"),
    "not comparable": _("not comparable"),
    # requirements, checks and questions
    "met": _("met"),
    "not met": _("not met"),
    "unproven": _("unproven"),
    "waived": _("waived"),
    "no evidence": _("no evidence"),
    "no bar": _("no bar"),
    "partly met": _("partly met"),
    "evidence expired": _("evidence expired"),
    "not answered": _("not answered"),
    "not applicable": _("not applicable"),
    "not reached": _("not reached"),
    "must": _("must"),
    "should": _("should"),
    "could": _("could"),
    # columns of production
    "moved": _("moved"),
    "not there": _("not there"),
    "too few rows": _("too few rows"),
    "as before": _("as before"),
    # answers
    "right": _("right"),
    "wrong": _("wrong"),
    "no answer": _("no answer"),
    "all": _("all"),
    # incidents and error patterns
    "open": _("open"),
    "being worked on": _("being worked on"),
    "came back": _("came back"),
    "fixed": _("fixed"),
    "accepted": _("accepted"),
    "not tested": _("not tested"),
    "not reproduced": _("not reproduced"),
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "critical": _("critical"),
    # what an address asks for
    "project": _("project"),
    "release": _("release"),
    "metric": _("metric"),
    "scenario": _("scenario"),
    "behaviour": _("behaviour"),
    "requirement": _("requirement"),
    "label": _("label"),
    "prediction": _("prediction"),
    "value": _("value"),
    "class": _("class"),
    "kind": _("kind"),
    "question": _("question"),
    "group": _("group"),
    "batch": _("batch"),
    "check": _("check"),
    "example": _("example"),
    "target": _("target"),
    "tag": _("tag"),
    "column": _("column"),
    "sort": _("sort"),
    # what people have looked at
    "the mistakes": _("the mistakes"),
    "the suggestions": _("the suggestions"),
    "this comparison": _("this comparison"),
}


def read(code: str) -> str:
    """The word in the language of the app; one that is not known stands as it is."""
    return KNOWN.get(code, code)
