import * as vscode from 'vscode';

/** What a tool answers to a model. In test runs VS Code agrees to every question by itself. */
export async function invokeTool(
  name: string,
  input: object,
  token?: vscode.CancellationToken,
): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`bucketBrigade_${name}`, options, token);
  return content
    .map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
    .join('\n');
}
