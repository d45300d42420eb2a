import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cliCommand } from '../../../../src/aws/batchJobs/request/cliCommand.ts';
import { isPosix } from '../../../support/posix.ts';

const TARGET = { accountId: '123456789012', region: 'eu-west-1' };
const AWKWARD = `it's "quoted" $HOME \`id\` \\ \n ü 日本 😀 ’ %PATH% !`;
const REQUEST = { Description: AWKWARD, Priority: 1, ClientRequestToken: 'token' };

describe('cliCommand', () => {
  it('is one command, with the JSON as the request has it', () => {
    const script = cliCommand({ Priority: 1, ClientRequestToken: 't' }, TARGET, 'bash');
    expect(script.split('\n').filter(line => !line.startsWith('#'))).toEqual([
      'region=eu-west-1',
      `aws s3control create-job --region "$region" --cli-input-json '{`,
      '  "Priority": 1,',
      '  "AccountId": "123456789012"',
      `}'`,
    ]);
  });

  it('asks an endpoint on this computer as its own proxy, and no other', () => {
    const at = (endpoint: string) => cliCommand(REQUEST, { ...TARGET, endpoint }, 'bash');
    expect(at('http://127.0.0.1:4100')).toMatch(/^http_proxy="\$endpoint" \\$/m);
    expect(at('http://minio.example:9000')).not.toContain('proxy');
    expect(at('https://localhost:9000')).not.toContain('proxy');
  });

  it.runIf(isPosix)('comes through bash as it was written', () => {
    const target = { ...TARGET, profile: `o'neil $1`, endpoint: 'http://127.0.0.1:4100' };
    const command = cliCommand(REQUEST, target, 'bash');
    expect(command).toMatch(/^[\x00-\x7f]+$/);
    const script = `aws() { printf '%s\\0' "$@"; }\n${command}`;
    const words = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0');
    expect(words.slice(0, 8)).toEqual([
      ...['s3control', 'create-job', '--region', 'eu-west-1', '--profile', `o'neil $1`],
      ...['--endpoint-url', 'http://127.0.0.1:4100'],
    ]);
    expect(words[8]).toBe('--cli-input-json');
    expect(JSON.parse(words[9]!)).toEqual({
      Description: AWKWARD,
      Priority: 1,
      AccountId: '123456789012',
    });
  });

  it('goes through an ASCII file in PowerShell, whose versions quote differently', () => {
    const target = { ...TARGET, profile: `o'neil` };
    const [first, ...lines] = cliCommand(REQUEST, target, 'powershell').split('\n');
    const last = lines.pop();
    const end = lines.pop();
    expect(first).toBe(`@'`);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ Description: AWKWARD });
    // A line that begins so would end the here-string.
    expect(lines.filter(line => line.startsWith(`'@`))).toEqual([]);
    expect(end).toBe(`'@ | Set-Content -Encoding ascii s3job.json`);
    expect(last).toBe(
      `aws s3control create-job --region eu-west-1 --profile 'o''neil' --cli-input-json file://s3job.json`,
    );
  });
});
