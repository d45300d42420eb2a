import { env, type Uri } from 'vscode';

/**
 * Opens a URL in the browser, byte for byte. VS Code's URIs would encode the `=` and `&` of a query, or
 * decode what a key has encoded; it passes a text on as it is (microsoft/vscode#85930).
 */
export async function openUrl(url: string): Promise<void> {
  await env.openExternal(url as unknown as Uri);
}
