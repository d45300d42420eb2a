import {
  asciiJson,
  placeOptions,
  placeVariables,
  shellWord,
  type CliPlace,
} from '../../shellText.ts';

/** Whose quotation marks a command is written with. */
export type Shell = 'bash' | 'powershell';

export interface CliTarget extends CliPlace {
  readonly accountId: string;
}

/**
 * `aws s3control create-job` for a request, to be pasted into a shell or kept as a script. Everything of
 * the request is in it, members that no SDK knows included, for the CLI is given its JSON as it is.
 * Without a ClientRequestToken the CLI makes one: each run is another job.
 *
 * For a POSIX shell, where it goes is in variables at the top. In PowerShell the JSON goes through a
 * file: Windows PowerShell drops quotation marks inside of arguments, PowerShell 7.3 and later don't, so
 * no way of writing them is right in both. The file is ASCII, whatever encoding the shell prefers.
 *
 * @param request as CreateJob takes it; an AccountId of its own is not asked for a second time
 */
export function cliCommand(request: object, target: CliTarget, shell: Shell): string {
  const asked = { ...request, AccountId: target.accountId, ClientRequestToken: undefined };
  const json = asciiJson(asked, 2);
  return shell === 'bash' ? posixScript(json, target) : powershellScript(json, target);
}

function posixScript(json: string, place: CliPlace): string {
  return [
    '# Creates an S3 Batch Operations job. Each run creates another one: the CLI gives each request a',
    '# ClientRequestToken of its own.',
    ...placeVariables(place),
    ...(isLocal(place) ? LOCAL_PROXY : []),
    `aws s3control create-job ${placeOptions(place)} --cli-input-json ${shellWord(json)}`,
  ].join('\n');
}

/** An endpoint of plain HTTP on this computer. */
function isLocal({ endpoint = '' }: CliPlace): boolean {
  return /^http:\/\/(localhost|127\.\d+\.\d+\.\d+)(:\d+)?\/?$/.test(endpoint);
}

const LOCAL_PROXY = [
  '# The CLI puts the account before the host of S3 Control, and that name has no address: as the',
  '# proxy, the endpoint itself is asked.',
  'http_proxy="$endpoint" \\',
];

function powershellScript(json: string, { region, profile, endpoint }: CliPlace): string {
  const options: (readonly [string, string])[] = [
    ['--region', region],
    ...(profile === undefined ? [] : [['--profile', profile] as const]),
    ...(endpoint === undefined ? [] : [['--endpoint-url', endpoint] as const]),
  ];
  const words = ['aws', 's3control', 'create-job'];
  for (const [name, value] of options) words.push(name, powershellWord(value));
  return [
    `@'\n${json}\n'@ | Set-Content -Encoding ascii s3job.json`,
    `${words.join(' ')} --cli-input-json file://s3job.json`,
  ].join('\n');
}

/** Nothing has a meaning inside of single quotation marks but they themselves. */
function powershellWord(text: string): string {
  return /^[\w./:=+-]+$/.test(text) ? text : `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** The shell of a terminal by its path; Windows' own command prompt has PowerShell beside it. */
export function shellOf(path: string): Shell {
  return /(pwsh|powershell|cmd)(\.exe)?$/i.test(path) ? 'powershell' : 'bash';
}
