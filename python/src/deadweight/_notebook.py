"""Tables for Jupyter: plain HTML that a notebook shows instead of the text."""

from html import escape
from typing import List


def table_html(title: str, columns: List[str], rows: List[List[str]], notes: List[str]) -> str:
    """A table with a sentence above and notes below; everything in it is escaped. The first column is text."""

    def cells(row: List[str], tag: str) -> str:
        return "".join(
            f'<{tag} style="text-align:{"left" if at == 0 else "right"}">{escape(text)}</{tag}>'
            for at, text in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    table = f"<table><thead><tr>{cells(columns, 'th')}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<div><p><b>{escape(title)}</b></p>{table}{below}</div>"
