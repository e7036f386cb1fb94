"""A hundred texts that would come alive on a page that read them as anything but text, each with a mark of its own.

A mark says which text and which field it stands in: ``v07titlez`` is text 7 as a title. A script of a text calls ``hit`` with
its mark; Markdown of it makes an element that holds the mark and nothing else; an expression of Vega's warns of it.
"""

from functools import cache

from plainview.escaping import one_line

PLACE = "§"  # of the mark
NAME = 195  # characters that a name may have
LONGEST_MARK = 18
# A text that is a block of its own stands at the beginning of a name or of a line.
BLOCKS = (
    "# §",
    "- §",
    "* [x] §",
    "1. §",
    "> §",
    ">>> §",
    "§\n===",
    "a\n\n    §",
    "```mermaid\ngraph TD; §-->§\n```",
    "```js\nhit('§')\n```",
    "| § | § |\n|---|---|\n| § | § |",
    "$$\n§\n$$",
    "---\n§: 1\n---",
    "[^§]: §",
    "[§]: javascript:hit('§')",
    ":::note\n§\n:::",
    "<!-- --><b>§</b>",
    "%%{init: {'§': 1}}%%",
)
INLINE = (
    "<script>hit('§')</script>",
    "<img src=x onerror=hit('§')>",
    "<svg onload=hit('§')>",
    "<iframe srcdoc='<script>parent.hit(`§`)</script>'>",
    "<iframe src=javascript:parent.hit('§')>",
    "<a href=javascript:hit('§')>§</a>",
    "<body onload=hit('§')>",
    "<details open ontoggle=hit('§')>§</details>",
    "<video src=x onerror=hit('§')>",
    "<audio autoplay src=//outside.invalid/§>",
    "<math><mi xlink:href=javascript:hit('§')>§</mi></math>",
    "<style>*{background:url(//outside.invalid/§)}</style>",
    "<link rel=stylesheet href=//outside.invalid/§>",
    "<meta http-equiv=refresh content='0;url=//outside.invalid/§'>",
    "<base href=//outside.invalid/§/>",
    "<form action=//outside.invalid/§><input autofocus onfocus=hit('§')></form>",
    "<object data=javascript:hit('§')>",
    "<embed src=//outside.invalid/§>",
    "<svg><animate onbegin=hit('§') attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:hit(`§`)'><text>§</text></a></svg>",
    "<svg><foreignObject><b>§</b></foreignObject></svg>",
    "<marquee onstart=hit('§')>§</marquee>",
    "<template><b>§</b></template>",
    "</title><script>hit('§')</script>",
    "</textarea></script><script>hit('§')</script>",
    "\"><script>hit('§')</script>",
    "'-hit('§')-'",
    "\";hit('§');//",
    "`${hit('§')}`",
    "<scr<script>ipt>hit('§')</scr</script>ipt>",
    "&lt;img src=x onerror=hit('§')&gt;",
    "&#60;script&#62;hit('§')&#60;/script&#62;",
    "%3Cscript%3Ehit('§')%3C/script%3E",
    "\\u003cscript\\u003ehit('§')\\u003c/script\\u003e",
    "javascript:hit('§')",
    "[§](javascript:hit('§'))",
    "[§](//outside.invalid/§)",
    "![§](//outside.invalid/§.png)",
    "<https://outside.invalid/§>",
    "https://outside.invalid/§",
    "www.outside.invalid/§",
    "§@outside.invalid",
    "data:text/html,<script>hit('§')</script>",
    "[§](data:text/html,<script>hit('§')</script>)",
    "![§](data:image/svg+xml;base64,PHN2Zz4=)",
    "<a href=vbscript:hit('§')>§</a>",
    "**§**",
    "__§__",
    "*§*",
    "~~§~~",
    "`§`",
    "[§][ref]",
    "$§$",
    "$$§$$",
    "\\(§\\)",
    "\\href{javascript:hit('§')}{§}",
    "$\\htmlData{a=§}{§}$",
    "==§==",
    ":red[§]",
    ":blue-background[§]",
    ":green-badge[§]",
    ":rainbow[§]",
    ":small[§]",
    ":gray[:red[§]]",
    ":octopus: §",
    ":material/sailing: §",
    "§ -> § <- § -- §",
    "{{§}}",
    "{% § %}",
    "${§}",
    '{"expr": "warn(\'§\')"}',
    "datum['§'] || warn('§')",
    "x');hit('§');('",
    "']);warn('§');//",
    "\x1b[31m§\x1b[0m",
    "\x1b]8;;//outside.invalid/§\x07§\x1b]8;;\x07",
    "(\u202e§\u202c)",
    "(\u2066§\u2069\u202d)",
    "§\u2028§\u2029§\x0b§",
    '=HYPERLINK("//outside.invalid/§")',
    "<b\x00>§</b>",
    "\ufeff<b>§</b>",
)
TEXTS = (*BLOCKS, *INLINE)
FIELDS: set[str] = set()  # that hold them


@cache
def raw(field: str) -> tuple[str, ...]:
    """Every text, as it is, for a field that takes anything."""
    FIELDS.add(field)
    return tuple(text.replace(PLACE, f"v{number:02d}{field}z") for number, text in enumerate(TEXTS))


@cache
def names(field: str) -> tuple[str, ...]:
    """All texts in as few names as hold them, of every field as many: on one line, without what a name may not have."""
    lines = [one_line(text).replace("\ufeff", "") for text in raw(field)]
    return tuple(" ".join(lines[number] for number in group) for group in GROUPS)


def _groups() -> list[list[int]]:
    """The numbers of the texts that are one name: a block first, and then what there is room for."""
    sizes = [len(text) + text.count(PLACE) * LONGEST_MARK for text in TEXTS]
    blocks, rest, found = [*range(len(BLOCKS))], [*range(len(BLOCKS), len(TEXTS))], []
    while blocks or rest:
        group = [(blocks or rest).pop(0)]
        while rest and sum(sizes[each] + 1 for each in [*group, rest[0]]) < NAME:
            group.append(rest.pop(0))
        found.append(group)
    return found


GROUPS = _groups()
