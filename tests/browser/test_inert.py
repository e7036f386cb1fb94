"""Live text is dead in a real browser: a hundred texts in every field of a store, every page, one Chromium."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from conftest import settled
from live_store import WHOLE, publish_live
from live_texts import FIELDS, TEXTS, names
from test_frame import table_of_pages

MARK = re.compile(r"v\d\d[a-z]+z")
TABS = 3  # one is looked at while the others come to rest
TALL = 8_000  # pixels: all of a page is on the screen, and drawn

# Fields whose texts stand in sentences and names, where a reader must have come by them; cells of tables are painted late.
READ = {
    *(
        "title",
        "notes",
        "release",
        "unit",
        "class",
        "behaviour",
        "why",
        "scenario",
        "requirement",
        "answerable",
        "reason",
    ),
    *("tag", "tagnote", "pattern", "patternnote", "patternowner", "patternlink", "incident", "happened", "reporter"),
    *(
        "decision",
        "decider",
        "condition",
        "conditionowner",
        "waiverowner",
        "waiverreason",
        "waivedby",
        "batch",
        "saying",
    ),
}
OPENED = ("requirements", "behaviours")  # pages whose comments are opened, once a project

# Before anything else, in every frame: what a script would call.
TRAPS = """
window.hits = [];
window.hit = mark => { window.hits.push(mark) };
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => { window.hits.push(name) };
"""

ARRIVED = """
([title, project]) => document.title.startsWith(title) && document.title.includes(project)
  && document.querySelector('[data-test-script-state="notRunning"]') !== null
"""

# What lives on the page: the first words of each, and which marks are there to be read.
LOOK = r"""
paths => {
  const mark = /v\d\d[a-z]+z/, alone = /^v\d\d[a-z]+z$/;
  const active = /^(on.*|style|src|srcdoc|href|xlink:href|action|formaction|data|content)$/i;
  const never = 'img, iframe, script, object, embed, base, meta, link, form, video, audio';
  const living = /.{0,40}(\u{1F419}|[\u202a-\u202e\u2066-\u2069]|(v\d\d[a-z]+z)\s*\u2192\s*\2).{0,40}/gu;
  const found = [], tell = (why, element) => found.push(`${why}: ${element.outerHTML.slice(0, 300)}`);
  const ours = value => {
    const to = new URL(value, location.href);
    return to.origin === location.origin && paths.includes(to.pathname.slice(1));
  };
  for (const element of document.querySelectorAll('*')) {
    const text = element.textContent.replaceAll('\u2060', '').trim();
    if (alone.test(text) && !element.closest('pre')) tell('made by a text', element);
    for (const {name, value} of element.attributes)
      if (mark.test(value) && (element.matches(never) || active.test(name) && !(name === 'href' && ours(value))))
        tell(`lives in ${name}`, element);
    if (element.matches('.katex, .mermaid, math, marquee, object, embed, iframe')) tell('is there', element);
    if (element.matches('[data-testid=stIconMaterial]') && text.includes('sailing')) tell('became an icon', element);
  }
  const text = document.body.textContent + document.title;
  for (const [part] of text.matchAll(living)) found.push(`lives: ${part}`);
  if (window.hits.length) found.push(`ran: ${window.hits.splice(0)}`);
  return [found, [...new Set(text.match(/v\d\d[a-z]+z/g) ?? [])]];
}
"""


@pytest.fixture(scope="module")
def live_app(start_app, tmp_path_factory):
    store = tmp_path_factory.mktemp("live") / "store"
    projects = publish_live(store)
    return start_app(store), projects


def visits(projects: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The title and the name of every page, with what its address asks for: more than once where more is to be seen."""
    rows = [(title, path.rsplit("/", 1)[-1], needs) for path, title, needs in table_of_pages()]
    titles = {name: title for title, name, _ in rows}
    for title, name, needs in rows:
        for project in projects[: 1 if needs == "nothing" else WHOLE]:
            yield title, name, {"project": project}
    for number, project in enumerate(projects[:WHOLE]):
        chosen = {"scenario": names("scenario")[number]}
        more = {"behaviours": chosen, "compare": chosen, "assess": {"view": "all"}, "scorecards": {"kind": "mltrl"}}
        more |= {"search": {"search": f"v0{number}"}, "what_if": {"example": names("example")[number]}}
        for name, asked in more.items():
            yield titles[name], name, {"project": project, **asked}
    yield from ((titles["report"], "report", {"project": project}) for project in projects[WHOLE:])


class Tab:
    """A tab that goes from page to page as Back and Forward do, and tells what lives on them."""

    def __init__(self, page) -> None:
        self.page, self.found, self.seen = page, [], set()
        self._where, self._title = "", ""
        page.on("console", lambda message: MARK.search(message.text) and self._tell(f"said {message.text}"))
        page.on("dialog", self._dismissed)
        page.add_init_script(TRAPS)
        page.reload()
        settled(page)

    def go(self, title: str, name: str, asked: dict[str, str]) -> None:
        """Begin to go to another page."""
        self._where, self._title, self._project = f"/{name}?{urlencode(asked)}", title, asked["project"]
        self.page.evaluate(
            "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')) }", self._where
        )

    def look(self, names: list[str]) -> None:
        """Wait until the page is there, and look for what lives on it."""
        if not self._where:
            return
        self.page.wait_for_function(ARRIVED, arg=[self._title, self._project])
        self._look(names)
        if self._where.startswith(tuple(f"/{name}?" for name in OPENED)):
            opens = self.page.get_by_role("button", name=re.compile("^[0-9]+ comments?$"))
            if opens.count():
                opens.first.click()
                self.page.get_by_test_id("stPopoverBody").wait_for()
                self._look(names)

    def _look(self, names: list[str]) -> None:
        living, marks = self.page.evaluate(LOOK, names)
        self.seen |= set(marks)
        for each in living:
            self._tell(each)

    def _tell(self, what: str) -> None:
        self.found.append(f"{self._where}: {what}")

    def _dismissed(self, dialog) -> None:
        self._tell(f"a dialog says {dialog.message}")
        dialog.dismiss()


def test_a_hundred_live_texts_in_every_field_are_dead_on_every_page(live_app, open_page):
    app, projects = live_app
    assert len(TEXTS) == 100
    tabs = [Tab(open_page(app.address("glossary"), height=TALL)) for _ in range(TABS)]
    known = ["", "home", *(path.rsplit("/", 1)[-1] for path, *_ in table_of_pages())]
    for number, visit in enumerate(visits(projects)):
        tabs[number % TABS].look(known)
        tabs[number % TABS].go(*visit)
    for tab in tabs:
        tab.look(known)
    found = [each for tab in tabs for each in tab.found]
    assert "\n".join(found[:40]) == ""
    seen = set().union(*(tab.seen for tab in tabs))
    assert {each[1:3] for each in seen} == {f"{number:02d}" for number in range(len(TEXTS))}
    assert FIELDS > READ
    assert READ - {each[3:-1] for each in seen} == set()
