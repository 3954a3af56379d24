"""One self-contained HTML file from items: no network, readable on a phone and on paper.

May: inline KaTeX with its fonts.  Must not: run any script but KaTeX and the loop below; the
page's own policy (the hashes of these two) makes the browser refuse every other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from derive.notes.catalogue import catalogue
from derive.notes.items import Item
from derive.notes.katex_assets import script, style
from derive.notes.render_html import html_item

_SET = """
for (const e of document.querySelectorAll(".tex")) {
  katex.render(e.dataset.tex, e, {throwOnError: false, trust: false, strict: "ignore"});
}
"""

_CSS = """
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5a616b;--line:#d9dde3;--paper:#fff;
--card:#f7f8fa;--good:#17693a;--bad:#a8242c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a3abb6;--line:#3a4049;
--paper:#16181b;--card:#1e2125;--good:#6fce97;--bad:#ff8f8f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:1.05rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans KR",sans-serif}
main{max-width:58rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.6rem 0 1.2rem}
h2{font-size:1.35rem;margin:2.6rem 0 .8rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
h3{font-size:1.1rem;margin:0 0 .5rem;line-height:1.35}
section{background:var(--card);border:1px solid var(--line);border-left:.28rem solid var(--good);
border-radius:.4rem;padding:1rem 1.15rem;margin:1.1rem 0}
section.refuted{border-left-color:var(--bad)}
.given{color:var(--soft);font-size:.95rem;
display:flex;gap:.6rem;align-items:baseline;margin:.3rem 0}
.given ul{list-style:none;margin:0;padding:0;min-width:0;display:flex;flex-wrap:wrap;
column-gap:1.4rem;row-gap:.15rem}
.given>:first-child{flex:none;white-space:nowrap}
.given li{max-width:100%;overflow-x:auto;overflow-y:hidden}
.claim{margin:.7rem 0;overflow-x:auto;overflow-y:hidden;padding:.15rem 0}
.label{margin:.8rem 0 .2rem;font-weight:600;font-size:.95rem;color:var(--good)}
.refuted .label{color:var(--bad)}.refuted .label.good{color:var(--good)}
.data{margin:.2rem 0;padding-left:1.2rem}.values{margin:.4rem 0}
.chain{list-style:none;margin:.4rem 0 0;padding:0}
.chain li{display:grid;grid-template-columns:minmax(0,1fr) minmax(9rem,15rem);gap:.2rem 1.4rem;
align-items:center;padding:.3rem 0;border-top:1px solid var(--line)}
.chain li.start{border-top:0}
.step{overflow-x:auto;overflow-y:hidden;padding:.2rem 0 .2rem 1.2rem}
.start .step{padding-left:0}
.why{color:var(--soft);font-size:.92rem;line-height:1.4}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.95rem;width:100%}
caption{text-align:left;color:var(--soft);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem;border-bottom:1px solid var(--line)}
th{border-bottom:2px solid var(--line)}
.katex{font-size:1.08em}.piece{white-space:nowrap}.piece .katex{white-space:nowrap}
@media(max-width:40rem){main{padding:1rem .8rem 3rem}section{padding:.8rem .8rem}
.chain li{grid-template-columns:minmax(0,1fr)}.why{padding-left:2.4rem}
.why::before{content:"↑ ";opacity:.6}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--line:#bbb;--paper:#fff;--card:#fff;
--good:#000;--bad:#000}main{max-width:none;padding:0}body{font-size:11pt}
.chain li,.claim,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}}
"""


def html_page(items: Iterable[Item], title: str, language: str = "en") -> str:
    """The whole page as a string."""
    catalogue(language)  # an unknown language is an error before anything is written
    scripts = (script(), _SET)
    if any("</script" in s.lower() for s in scripts):
        raise ValueError("a script of the page would end early")
    hashes = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() + "'"
        for s in scripts
    )
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; font-src data:; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    body = "\n".join(html_item(item, language) for item in items)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{style()}\n{_CSS}</style>",
            "</head>",
            f"<body><main>\n<h1>{escape(title)}</h1>",
            body,
            "</main>",
            *(f"<script>{s}</script>" for s in scripts),
            "</body>",
            "</html>",
            "",
        ]
    )
