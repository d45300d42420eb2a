import { workspace } from 'vscode';

/** Never by a proxy: the sandbox is there. */
const HERE = ['localhost', '127.0.0.1', '[::1]'];

/**
 * What VS Code's settings say of proxies and certificates, for a process that it does not see to: as
 * variables that Node.js knows. What the operating system alone knows (a PAC file) is not among it.
 */
export function networkEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const http = workspace.getConfiguration('http');
  const proxy = http.get<string>('proxySupport') === 'off' ? '' : http.get<string>('proxy', '');
  const inherited = own['NO_PROXY'] ?? own['no_proxy'] ?? '';
  const none = [...http.get<readonly string[]>('noProxy', []), inherited, ...HERE];
  const bypassed = none.filter(host => host !== '').join(',');
  return {
    ...(proxy !== '' && { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }),
    ...{ NO_PROXY: bypassed, no_proxy: bypassed },
    ...(http.get<boolean>('systemCertificates', true) && { NODE_USE_SYSTEM_CA: '1' }),
  };
}
