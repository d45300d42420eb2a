import { describe, expect, it } from 'vitest';
import { checkInput, type InputSchema } from '../../../src/assistant/checkInput.ts';
import { TOOLS } from '../../../src/assistant/tools.ts';
import { readJson } from '../../support/sources.ts';

interface Contribution {
  readonly name: string;
  readonly toolReferenceName: string;
  readonly displayName: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly canBeReferencedInPrompt: boolean;
  readonly icon: string;
  readonly tags: readonly string[];
  readonly inputSchema: InputSchema;
}

const { contributes } = readJson('package.json') as {
  contributes: { languageModelTools: readonly Contribution[] };
};
const tools = contributes.languageModelTools;
const nls = readJson('package.nls.json') as Record<string, string>;
const textOf = (key: string): string => nls[key.slice(1, -1)] ?? '';

describe('the tools of package.json', () => {
  it('are those that there are', () => {
    expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(TOOLS).sort());
  });

  it.each(tools)('$name has all that VS Code and the user read', tool => {
    // VS Code's own rule for names of tools and references.
    expect(tool.name).toMatch(/^bucketBrigade_[A-Za-z]+$/);
    expect(tool.toolReferenceName).toMatch(/^s3[A-Za-z]+$/);
    expect(textOf(tool.displayName)).not.toBe('');
    expect(textOf(tool.userDescription)).not.toBe('');
    expect(tool.modelDescription.length).toBeGreaterThan(80);
    expect(tool.canBeReferencedInPrompt).toBe(true);
    expect(tool.icon).toMatch(/^\$\([a-z-]+\)$/);
    expect(tool.tags).toEqual(['aws', 's3', isActing(tool) ? 'acts' : 'reads']);
  });

  it.each(tools)('$name says of each input what it is, and bounds it', ({ inputSchema }) => {
    expect(inputSchema.type).toBe('object');
    expect(inputSchema.additionalProperties).toBe(false);
    expect(inputSchema.properties).toHaveProperty('connection');
    expect(inputSchema.required ?? []).not.toContain('connection');
    for (const input of Object.values(inputSchema.properties ?? {})) {
      expect(input).toHaveProperty('description');
      const { type, maxLength, pattern, maximum, maxProperties } = input;
      const bounds = [input.enum, maxLength, pattern, maximum, maxProperties];
      if (type !== 'boolean') expect(bounds.some(bound => bound !== undefined)).toBe(true);
    }
  });

  it('say of each that acts that the user confirms it, and none deletes', () => {
    for (const tool of tools) {
      const confirms = /The user confirms (the plan )?first\./.test(tool.modelDescription);
      expect(confirms, tool.name).toBe(isActing(tool));
      expect(tool.name).not.toMatch(/delete|remove|cancel|empty/i);
    }
  });
});

function isActing({ name }: Contribution): boolean {
  return TOOLS[name]?.kind === 'acting';
}

/** What people ask, and the tool that a model should take. */
const REQUESTS: readonly (readonly [request: string, tool: string])[] = [
  ['Which buckets do I have?', 'listBuckets'],
  ['Is there a bucket with "logs" in its name in this account?', 'listBuckets'],
  ['What files are inside the bucket photos-2026?', 'listObjects'],
  ['Show me the largest objects below the prefix raw/', 'listObjects'],
  ['List the keys in this folder with their size', 'listObjects'],
  ['How is image1.png tagged?', 'readTags'],
  ['Read the tags of s3://photos/a.jpg', 'readTags'],
  ['Which function is triggered when I upload to photos?', 'listNotifications'],
  ['Show the event notifications of this bucket', 'listNotifications'],
  ['Does the bucket send events to an SQS queue?', 'listNotifications'],
  ['Which batch jobs failed this week?', 'listJobs'],
  ['List all jobs in eu-west-1, the newest first', 'listJobs'],
  ['How far is job 8f2c? What is its progress?', 'readJob'],
  ['What status and manifest does the job with this job id have?', 'readJob'],
  ['Summarize the completion report of my job', 'summarizeReport'],
  ['Group the failures in the report by error code', 'summarizeReport'],
  ['Are there duplicates or header rows in manifest.csv?', 'checkManifest'],
  ['Check this CSV manifest for keys that are not URL-encoded', 'checkManifest'],
  ['Would this job succeed with that role? What permissions are missing?', 'preflightJob'],
  ['Preflight the planned job before we create it', 'preflightJob'],
  ['What is the error rate and p95 duration of ImageResizeFunction?', 'readMetrics'],
  ['How many invocations and throttles did the function have today?', 'readMetrics'],
  ['Why does my Lambda function throw exceptions? Show the error message', 'readFailures'],
  ['Get the failing log lines of the function', 'readFailures'],
  ['Set up a new job that replaces tags on thousands of objects', 'createJob'],
  ['Run the suspended job that waits', 'runJob'],
  ['Set the tag status=done on this single object', 'tagObject'],
  ['Add tags to one object: project = alpha', 'tagObject'],
  ['Every image uploaded to photos should be resized automatically', 'deployResize'],
  ['Resize this one existing image now with the deployed function', 'invokeResize'],
];

const NOISE = new Set(
  'a an and are as at be by do does did each for from had have how i in into is it its me my no not of on one or s that the their them there these this those to use was we what when which who why will with you your would'.split(
    ' ',
  ),
);

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return new Set(words.filter(word => !NOISE.has(word)).map(stem));
}

function stem(word: string): string {
  return word.replace(/(ing|ed|es|s)$/, '').replace(/e$/, '');
}

/** Each word counts by how few tools say it: a simple stand-in for a model, which reads more than words. */
function bestOf(request: string): string | undefined {
  const described = tools.map(tool => ({
    tool,
    words: wordsOf(`${textOf(tool.displayName)} ${tool.modelDescription}`),
  }));
  const scores = described.map(({ tool, words }) => {
    const said = [...wordsOf(request)].filter(word => words.has(word));
    const score = said.reduce((sum, word) => {
      const tellers = described.filter(each => each.words.has(word)).length;
      return sum + Math.log(described.length / tellers);
    }, 0);
    return { name: tool.name.replace('bucketBrigade_', ''), score };
  });
  return scores.sort((one, other) => other.score - one.score)[0]?.name;
}

describe('descriptions tell the tools apart', () => {
  it('by thirty requests, among which each tool is', () => {
    expect(REQUESTS).toHaveLength(30);
    const names = new Set(REQUESTS.map(([, tool]) => `bucketBrigade_${tool}`));
    expect(names).toEqual(new Set(Object.keys(TOOLS)));
  });

  it.each(REQUESTS)('%s → %s', (request, tool) => {
    expect(bestOf(request)).toBe(tool);
  });
});

describe('an input', () => {
  const schema = tools.find(({ name }) => name === 'bucketBrigade_tagObject')!.inputSchema;
  const good = { bucket: 'photos', key: 'a', tags: { done: 'yes' } };

  it('is taken as it is where it fits', () => {
    expect(checkInput(schema, good)).toBe(good);
  });

  it.each([
    [undefined, 'The input must be an object.'],
    [{ bucket: 'photos', key: 'a' }, 'The input “tags” is missing.'],
    [{ ...good, bucket: 7 }, 'The input “bucket” must be text.'],
    [{ ...good, bucket: '../x' }, 'The input “bucket” must match ^[A-Za-z0-9][A-Za-z0-9._-]*$.'],
    [{ ...good, key: '' }, 'The input “key” must not be empty.'],
    [{ ...good, key: 'a'.repeat(1025) }, 'The input “key” must have at most 1,024 characters.'],
    [{ ...good, tags: { done: 1 } }, 'The input “tags.done” must be text.'],
    [{ ...good, tags: {} }, 'The input “tags” must not be empty.'],
    [
      { ...good, force: true },
      'This tool has no input “force”. Its inputs: bucket, key, tags, connection.',
    ],
  ])('is refused with its name and the rule: %j', (input, sentence) => {
    expect(() => checkInput(schema, input)).toThrow(sentence);
  });

  it('that is a number or one of a list is held to that', () => {
    const { inputSchema } = tools.find(({ name }) => name === 'bucketBrigade_listJobs')!;
    expect(() => checkInput(inputSchema, { limit: 1.5 })).toThrow(
      'The input “limit” must be a whole number from 1 to 199.',
    );
    expect(() => checkInput(inputSchema, { status: 'Gone' })).toThrow('must be one of: New, ');
  });
});
