import { describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { ConnectionMemory } from '../../src/connections/connectionMemory.ts';
import { SANDBOX, connectionOf, sessionKey } from '../../src/connections/connectionIds.ts';
import { endpointProblem } from '../../src/connections/endpointUrl.ts';
import { environmentLines } from '../../src/connections/environmentLines.ts';
import { REGIONS, isRegion } from '../../src/aws/connection/regions.ts';
import {
  failureOf,
  parseAddress,
  sandboxEnvironment,
} from '../../src/connections/sandboxProcess.ts';

const ADDRESS = {
  endpoint: 'http://127.0.0.1:4100',
  region: 'us-east-1',
  accountId: '123456789012',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'abc/+=',
};

function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, other?: unknown) => values.get(key) ?? other,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as Memento;
}

describe('what is remembered of connections', () => {
  it('is this workspace’s own choice, else the last one anywhere', async () => {
    const everywhere = memento();
    const here = new ConnectionMemory(everywhere, memento());
    const there = new ConnectionMemory(everywhere, memento());
    const last = { id: 'profile:b', region: 'eu-west-1' };
    await here.setOpen([{ id: 'sandbox', region: 'us-east-1' }], 'sandbox');
    await there.setOpen([last], last.id);
    expect(here.choice?.id).toBe('sandbox');
    expect(new ConnectionMemory(everywhere, memento()).choice).toEqual(last);
  });

  it('is all that were open in this workspace, their ids and places only; a new one begins with one', async () => {
    const [everywhere, workspace] = [memento(), memento()];
    const open = [
      { id: 'profile:a', region: 'eu-west-1' },
      { id: 'profile:b', region: 'us-east-1', endpoint: 'http://127.0.0.1:9000' },
    ];
    await new ConnectionMemory(everywhere, workspace).setOpen(open, 'profile:b');
    const again = new ConnectionMemory(everywhere, workspace);
    expect(again.open).toEqual(open);
    expect(again.choice).toEqual(open[1]);
    const elsewhere = new ConnectionMemory(everywhere, memento());
    expect([elsewhere.open, elsewhere.choice]).toEqual([[], open[1]]);
    await again.setOpen(open.slice(1), 'profile:b');
    expect(new ConnectionMemory(everywhere, workspace).open).toEqual([]);
    await again.setOpen([], undefined);
    expect(new ConnectionMemory(everywhere, workspace).choice).toBeUndefined();
  });

  it('is nothing where another version has left something else', async () => {
    const workspace = memento();
    await workspace.update('connections.open.1', [null, 'x', { id: 1 }, { id: 'a', region: 'b' }]);
    expect(new ConnectionMemory(memento(), workspace).open).toEqual([{ id: 'a', region: 'b' }]);
  });

  it('keeps Region and endpoint of each connection apart', async () => {
    const memory = new ConnectionMemory(memento(), memento());
    await memory.setDetails('profile:a', { region: 'eu-west-1' });
    await memory.setDetails('profile:a', { endpoint: 'http://127.0.0.1:9000' });
    await memory.setDetails('profile:b', { region: 'sa-east-1' });
    expect(memory.details('profile:a')).toEqual({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9000',
    });
    await memory.setDetails('profile:a', { endpoint: undefined });
    expect(memory.details('profile:a')).toEqual({ region: 'eu-west-1', endpoint: undefined });
    expect(memory.details('profile:c')).toEqual({});
  });
});

describe('an endpoint', () => {
  it.each(['http://127.0.0.1:9000', 'https://s3.example.com', 'https://s3.example.com:9000/'])(
    'may be %s',
    text => expect(endpointProblem(text)).toBeUndefined(),
  );
  it.each([
    ['localhost:9000', 'notHttp'],
    ['s3.example.com', 'notUrl'],
    ['file:///etc/passwd', 'notHttp'],
    ['https://key:secret@s3.example.com', 'moreThanHost'],
    ['https://s3.example.com/path', 'moreThanHost'],
    ['https://s3.example.com?x=1', 'moreThanHost'],
  ])('may not be %s: %s', (text, problem) => expect(endpointProblem(text)).toBe(problem));
});

describe('a Region', () => {
  it('of the list has the form of Regions', () => {
    expect(Object.keys(REGIONS).filter(id => !isRegion(id))).toEqual([]);
  });
  it.each(['eusc-de-east-1', 'us-iso-west-1'])('may be typed: %s', id => {
    expect(isRegion(id)).toBe(true);
  });
  it.each(['', 'us-east', 'US-EAST-1', 'us-east-1.evil.com', 'us east 1'])('is not %s', text => {
    expect(isRegion(text)).toBe(false);
  });
});

describe('the environment for a terminal', () => {
  it('fits the shell', () => {
    expect(environmentLines(ADDRESS, '/bin/zsh')).toBe(`unset AWS_PROFILE
unset AWS_SESSION_TOKEN
export AWS_ENDPOINT_URL='http://127.0.0.1:4100'
export AWS_REGION='us-east-1'
export AWS_DEFAULT_REGION='us-east-1'
export AWS_ACCESS_KEY_ID='AKIAEXAMPLE'
export AWS_SECRET_ACCESS_KEY='abc/+='
`);
    const ofPowerShell = environmentLines(ADDRESS, 'C:\\Program Files\\PowerShell\\7\\pwsh.exe');
    expect(ofPowerShell).toContain("$env:AWS_REGION = 'us-east-1'\n");
    expect(environmentLines(ADDRESS, 'C:\\Windows\\System32\\cmd.exe')).toContain(
      'set "AWS_REGION=us-east-1"\r\n',
    );
    expect(environmentLines(ADDRESS, '/usr/bin/fish')).toContain("set -gx AWS_REGION 'us-east-1'");
  });
});

describe('what the sandbox says', () => {
  it('is an address only when whole', () => {
    expect(parseAddress(JSON.stringify(ADDRESS))).toEqual(ADDRESS);
    expect(parseAddress(JSON.stringify({ ...ADDRESS, pid: 1 }))).toEqual(ADDRESS);
    expect(parseAddress(JSON.stringify({ ...ADDRESS, region: undefined }))).toBeUndefined();
    expect(parseAddress('Listening on 4100')).toBeUndefined();
    expect(parseAddress('null')).toBeUndefined();
  });

  it.each([
    ['Port 4100 on 127.0.0.1 is taken; choose another with --port.', 'portTaken'],
    ['Port 80 may not be used; choose one above 1023.', 'portTaken'],
    ['The disk that holds the data folder /x is full.', 'diskFull'],
    ['ENOSPC: no space left on device, write', 'diskFull'],
    ['The folder /x is in use by another sandbox.', 'inUse'],
    ['The data folder /x is not writable.', 'dataFolder'],
    ["EROFS: read-only file system, mkdir '/x'", 'dataFolder'],
    ['The data folder /x is damaged: sandbox.sqlite has 5 bytes of 9. Put …', 'damagedFolder'],
    ['The data folder /x was used by a newer version of the sandbox (format 9 …', 'newerFolder'],
    ['The folder /x holds the database of another program (sandbox.sqlite).', 'foreignFolder'],
    ['TypeError: x is not a function', 'crashed'],
  ])('when it does not start: %s → %s', (said, failure) => {
    expect(failureOf(said)).toBe(failure);
  });
});

it('a sandbox gets nothing of our environment but what programs need', () => {
  const ours = {
    ...{ PATH: '/bin', HOME: '/home/me', LC_ALL: 'C', TZ: 'UTC', SystemRoot: 'C:\\Windows' },
    ...{
      AWS_SECRET_ACCESS_KEY: 's',
      GITHUB_TOKEN: 't',
      NODE_OPTIONS: '--inspect',
      npm_config_x: 'x',
    },
    ...{
      VSCODE_IPC_HOOK: '/run/x',
      SSH_AUTH_SOCK: '/run/y',
      OPENAI_API_KEY: 'k',
      HTTPS_PROXY: 'p',
    },
  };
  expect(sandboxEnvironment(ours)).toEqual({
    ...{ PATH: '/bin', HOME: '/home/me', LC_ALL: 'C', TZ: 'UTC', SystemRoot: 'C:\\Windows' },
    ELECTRON_RUN_AS_NODE: '1',
  });
});

describe('the key of a session', () => {
  const account = '123456789012';
  const key = (id: string, region: string, endpoint?: string): string =>
    sessionKey(connectionOf(id, region, endpoint), account);

  it('tells connections, accounts and endpoints apart, and no Regions', () => {
    const at = key('profile:a/b', 'eu-west-1', 'http://127.0.0.1:9000');
    expect(at).toBe('profile%3Aa%2Fb/123456789012/http%3A%2F%2F127.0.0.1%3A9000');
    expect(key('profile:a/b', 'us-east-1', 'http://127.0.0.1:9000')).toBe(at);
    expect(key('profile:a/b', 'eu-west-1')).not.toBe(at);
    expect(key('profile:b', 'eu-west-1', 'http://127.0.0.1:9000')).not.toBe(at);
  });

  it('of the sandbox outlives a start on another port', () => {
    expect(key(SANDBOX, 'us-east-1', 'http://127.0.0.1:1')).toBe(
      key(SANDBOX, 'us-east-1', 'http://127.0.0.1:2'),
    );
  });
});
