// The frame of every HTML file that we write: it loads nothing and runs nothing.

import { html, type Html } from "./html-text.ts";
import { REPORT_STYLE } from "./report-style.ts";

export function htmlPage(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ html: REPORT_STYLE }}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.html;
}
