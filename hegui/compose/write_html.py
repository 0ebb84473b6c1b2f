"""A page as one HTML file: no network, no script. Where each text came from is in its title (shown on pointing)."""

from html import escape

from hegui.compose.pages import Heading, Page, Paragraph, Table, Text

_NAMES = {"package": "安装包", "declared": "声明", "catalogue": "目录", "question": "待运营者填写"}

_STYLE = """
body{font:16px/1.75 "Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1f2328;
max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #d0d7de}
table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:.9rem}
th,td{border:1px solid #d0d7de;padding:.45rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f6f8fa;white-space:nowrap}
mark{background:#fff3c4;color:#7a4b00}
.wide{overflow-x:auto}
@media print{body{margin:0;max-width:none}.wide{overflow:visible}th{white-space:normal}tr{break-inside:avoid}}
"""


def to_html(page: Page) -> str:
    """A whole document in Chinese."""
    body = "\n".join(_part(part) for part in page.parts)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(page.title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _part(part: Heading | Paragraph | Table) -> str:
    if isinstance(part, Heading):
        return f"<h{part.level}>{escape(part.words)}</h{part.level}>"
    if isinstance(part, Table):
        return _table(part)
    words = "".join(_text(one) for one in part.pieces)
    return f"<ul><li>{words}</li></ul>" if part.item else f"<p>{words}</p>"


def _table(part: Table) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in part.columns)
    rows = "\n".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in part.rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


def _text(one: Text) -> str:
    words = escape(one.shown)
    if one.words.startswith(("https://", "http://")) and one.origin != "question":
        words = f'<a href="{escape(one.words)}">{words}</a>'
    words = f"<strong>{words}</strong>" if one.bold else words
    if one.origin == "wording":
        return words
    title = escape(f"{_NAMES[one.origin]} {one.source}".rstrip())
    tag = "mark" if one.origin == "question" else "span"
    return f'<{tag} title="{title}">{words}</{tag}>'


def _cell(cell: tuple[Text, ...]) -> str:
    return f"<td>{''.join(_text(one) for one in cell)}</td>"
