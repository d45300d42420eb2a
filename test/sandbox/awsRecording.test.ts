// What AWS answered when `npm test -- aws` recorded it, held against the sandbox; and the recording itself,
// with a sandbox that plays the account: by AWS's host names, over TLS, late.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { findOwn, type Found } from '../account/ownThings.ts';
import { newSuffix } from '../account/runNames.ts';
import { compare } from '../aws/accountCompare.ts';
import { holdAgainst } from '../aws/holdAgainst.ts';
import { playOnSandbox } from '../aws/playOnSandbox.ts';
import { readRecordings, writeRecording, type Recording } from '../aws/recordings.ts';
import { NAMING, SCENARIOS } from '../aws/scenarios.ts';
import { hasMoto, startMoto } from '../bench/servers.ts';
import { startTestSandbox } from './testSandbox.ts';

const recordings = readRecordings();

describe.skipIf(recordings.length === 0)('the sandbox and the recordings of AWS', () => {
  it('differ in nothing but what is known', { timeout: 180_000 }, async () => {
    for (const region of new Set(recordings.map(recording => recording.region))) {
      const own = recordings.filter(recording => recording.region === region);
      const names = own.map(({ scenario }) => scenario);
      const chosen = SCENARIOS.filter(({ name }) => names.includes(name));
      expect(chosen).toHaveLength(own.length);
      const { unknown, gone, stopped } = holdAgainst(own, await playOnSandbox(chosen, region));
      expect({ unknown, gone, stopped }).toEqual({ unknown: [], gone: [], stopped: [] });
    }
  });
});

describe('a comparison', () => {
  let folder: string;
  let lines: string[];
  let isSame: boolean;
  let recorded: Recording[];
  let accountId: string;
  let found: Found;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    await using far = await startTestSandbox({ likeAws: 1000 });
    const { accessKeyId, secretAccessKey, region, endpoint, authority } = far.sandbox;
    setDefaultCACertificates([...getCACertificates(), authority!]);
    const credentials = { accessKeyId, secretAccessKey };
    const config = { region, credentials, proxyEnv: { HTTPS_PROXY: endpoint } };
    const identity = await identify(config);
    const clients = createClients(config, identity);
    const names = NAMING.namesOf(newSuffix(NAMING.prefix), region);
    const { signal } = new AbortController();
    lines = [];
    const print = (line: string): void => void lines.push(line);
    isSame = await compare(
      { clients, identity, names, signal, print, wait: print },
      SCENARIOS,
      folder,
    );
    found = await findOwn(clients, names);
    clients.destroy();
    recorded = readRecordings(folder);
    ({ accountId } = identity);
  }, 180_000);
  afterAll(async () => await rm(folder, { recursive: true }));

  it('of a sandbox with one that plays the account finds no difference in hundreds of calls', () => {
    expect(lines.filter(line => line.startsWith('✗'))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^\d{3,} calls compared: 0 differences/);
    expect(Number(lines.at(-1)!.split(' ')[0])).toBeGreaterThan(900);
    expect(isSame).toBe(true);
  });

  it('records all of it, and nothing of the account', async () => {
    expect(recorded.map(({ scenario }) => scenario)).toEqual(
      SCENARIOS.map(({ name }) => name).sort(),
    );
    for (const { scenario } of recorded) {
      const text = await readFile(join(folder, `${scenario}.json`), 'utf8');
      expect(text).not.toMatch(new RegExp(`${accountId}|AKIA|bbcmp-|\\d{4}-\\d\\d-\\d\\dT\\d\\d:`));
    }
    const [first] = recorded;
    const written = writeRecording(folder, first!, ['"status"']);
    await expect(written).rejects.toThrow('would contain account data');
  });

  it('leaves nothing that can not be proven its own, and removed', () => {
    const { own, unproven, unread } = found;
    const buckets = own.filter(({ kind }) => kind === 'bucket');
    expect(buckets).toHaveLength(SCENARIOS.filter(({ hasBucket }) => hasBucket).length);
    expect({ unproven, unread }).toEqual({ unproven: [], unread: [] });
  });

  it('finds the one answer that is changed, and only that', async () => {
    const iam = SCENARIOS.filter(({ name }) => name === 'iam');
    const told = recorded.filter(({ scenario }) => scenario === 'iam');
    const rule = { fault: 'AccessDenied', where: 'requests', service: 'iam' } as const;
    const rules = [{ ...rule, operation: 'UntagRole' }];
    const changed = await playOnSandbox(iam, 'us-east-1', {
      prepare: sandbox => sandbox.services.faults.set({ seed: 1, rules }),
    });
    const probe = 'iam: untag what is not there';
    const { unknown } = holdAgainst(told, changed, []);
    expect(new Set(unknown.map(difference => difference.probe))).toEqual(new Set([probe]));
    expect(unknown).toContainEqual({ probe, field: 'status', aws: '200', sandbox: '403' });
    const known = unknown.map(({ field }) => ({ probe, field, reason: 'it is changed' }));
    expect(holdAgainst(told, changed, known)).toMatchObject({ unknown: [], gone: [] });
    const unchanged = await playOnSandbox(iam, 'us-east-1');
    expect(holdAgainst(told, unchanged, known)).toMatchObject({ unknown: [], gone: known });
  });
});

describe.skipIf(!hasMoto())('a comparison with another server', () => {
  it('is a table of what it answers differently', { timeout: 120_000 }, async () => {
    await using moto = await startMoto('unused', 0);
    const { accessKeyId, region, endpoint } = moto;
    // moto takes any secret, and its own is a word that answers have in them.
    const credentials = { accessKeyId: `${accessKeyId}0`, secretAccessKey: 'known-to-nobody' };
    const config = { region, endpoint, credentials };
    const identity = await identify(config);
    const clients = createClients(config, identity);
    const names = NAMING.namesOf(newSuffix(NAMING.prefix), region);
    const { signal } = new AbortController();
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    const sts = SCENARIOS.filter(({ name }) => name === 'sts');
    const context = { clients, identity, names, signal, print, wait: print };
    expect(await compare(context, sts, folder)).toBe(false);
    clients.destroy();
    await rm(folder, { recursive: true });
    expect(lines).toContainEqual(expect.stringMatching(/^sts: who, by nobody +status +200 +403$/));
  });
});
