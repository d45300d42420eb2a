import { Disposable, lm } from 'vscode';
import type { Services } from '../services.ts';
import type { ToolHost } from './toolHost.ts';

interface Manifest {
  readonly contributes: { readonly languageModelTools: readonly { readonly name: string }[] };
}

/** The tools of package.json, for the editor's assistant. What they do is loaded with the first call. */
export function registerAssistant(
  services: Pick<Services, 'context' | 'log' | 'connections' | 'worker'>,
): Disposable {
  let host: Promise<ToolHost> | undefined;
  const loaded = () => (host ??= import('./toolHost.ts').then(it => new it.ToolHost(services)));
  const { contributes } = services.context.extension.packageJSON as Manifest;
  return Disposable.from(
    ...contributes.languageModelTools.map(({ name }) =>
      lm.registerTool(name, {
        invoke: async ({ input }, token) => (await loaded()).invoke(name, input, token),
        prepareInvocation: async ({ input }, token) => (await loaded()).prepare(name, input, token),
      }),
    ),
  );
}
