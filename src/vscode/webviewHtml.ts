import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

export interface WebviewPage {
  /** The folder with the built files. */
  readonly folder: Uri;
  /** Names of files in it. */
  readonly script: string;
  readonly style: string;
  readonly title: string;
  readonly language: string;
}

/**
 * The page of a webview: one script by nonce, one style sheet, nothing inline and nothing from
 * elsewhere (VS Code's webview guide, "Content security policy").
 */
export function webviewHtml(webview: Webview, page: WebviewPage): string {
  const nonce = randomBytes(16).toString('base64url');
  const uri = (name: string): string =>
    escapeHtml(webview.asWebviewUri(Uri.joinPath(page.folder, name)).toString());
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `img-src ${webview.cspSource} data: blob:`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(page.style)}">
<title>${escapeHtml(page.title)}</title>
</head>
<body>
<main id="panel"></main>
<script nonce="${nonce}" src="${uri(page.script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
