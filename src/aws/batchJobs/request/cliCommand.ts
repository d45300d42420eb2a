/** Whose quotation marks a command is written with. */
export type Shell = 'bash' | 'powershell';

export interface CliTarget {
  readonly accountId: string;
  readonly region: string;
  /** The name of a profile of the AWS config files, where that is whom one is. */
  readonly profile?: string;
  /** Set where the engine is not at AWS's own address. */
  readonly endpoint?: string;
}

/**
 * `aws s3control create-job` for a request, to be pasted into a shell. Everything of the request is in
 * it, members that no SDK knows included, for the CLI is given its JSON as it is. Without a
 * ClientRequestToken the CLI makes one: each run is another job.
 *
 * In PowerShell the JSON goes through a file: Windows PowerShell drops quotation marks inside of
 * arguments, PowerShell 7.3 and later don't, so no way of writing them is right in both. The file is
 * ASCII, whatever encoding the shell prefers.
 *
 * @param request as CreateJob takes it; an AccountId of its own is not asked for a second time
 */
export function cliCommand(request: object, target: CliTarget, shell: Shell): string {
  const asked = { ...request, AccountId: target.accountId, ClientRequestToken: undefined };
  const json = asciiJson(asked);
  const options: (readonly [string, string])[] = [
    ['--region', target.region],
    ...(target.profile === undefined ? [] : [['--profile', target.profile] as const]),
    ...(target.endpoint === undefined ? [] : [['--endpoint-url', target.endpoint] as const]),
  ];
  const quote = QUOTES[shell];
  const words = [
    'aws',
    's3control',
    'create-job',
    ...options.flatMap(([name, value]) => [name, quote(value)]),
  ];
  if (shell === 'bash') return `${words.join(' ')} --cli-input-json ${quote(json)}`;
  return [
    `@'\n${json}\n'@ | Set-Content -Encoding ascii s3job.json`,
    `${words.join(' ')} --cli-input-json file://s3job.json`,
  ].join('\n');
}

/** Nothing has a meaning inside of single quotation marks in either shell, but they themselves. */
const QUOTES: Readonly<Record<Shell, (text: string) => string>> = {
  bash: text => (isPlain(text) ? text : `'${text.replaceAll("'", "'\\''")}'`),
  powershell: text => (isPlain(text) ? text : `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`),
};

function isPlain(text: string): boolean {
  return /^[\w./:=+-]+$/.test(text);
}

/** JSON in which all but ASCII is escaped: terminals and files have encodings of their own. */
function asciiJson(value: object): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[^\x20-\x7e\n]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The shell of a terminal by its path; Windows' own command prompt has PowerShell beside it. */
export function shellOf(path: string): Shell {
  return /(pwsh|powershell|cmd)(\.exe)?$/i.test(path) ? 'powershell' : 'bash';
}
