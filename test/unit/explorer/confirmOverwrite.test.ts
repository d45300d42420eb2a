import { beforeEach, expect, it, vi } from 'vitest';
import { confirmOverwrite } from '../../../src/explorer/transfers/confirmOverwrite.ts';

const { showWarningMessage } = vi.hoisted(() => ({ showWarningMessage: vi.fn() }));
vi.mock('vscode', async original => ({
  ...(await original<object>()),
  window: { showWarningMessage },
}));

beforeEach(() => showWarningMessage.mockReset());

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `k${at}`);
const question = 'Overwrite?';

it('names what is overwritten, and goes on without it when asked to', async () => {
  showWarningMessage.mockResolvedValue('Skip Existing');
  const items = names(30);
  const rest = await confirmOverwrite({
    items,
    existing: items.slice(0, 20),
    nameOf: name => `${name}\u202e`,
    question,
  });
  expect(rest).toEqual(items.slice(20));
  const detail = (showWarningMessage.mock.calls[0]?.[1] as { detail: string }).detail;
  expect(detail.split('\n')).toHaveLength(11);
  expect(detail).toContain('k9\\u202e');
  expect(detail).toContain('and 10 more');
});

it('looks at each of 100,000 items a few times only', async () => {
  showWarningMessage.mockResolvedValue('Overwrite');
  const items = names(100_000);
  let looks = 0;
  const existing = new Proxy(items.slice(0, 50_000), {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) looks++;
      return Reflect.get(target, name) as unknown;
    },
  });
  await confirmOverwrite({ items, existing, nameOf: name => name, question });
  expect(looks).toBeLessThanOrEqual(200_000);
});
