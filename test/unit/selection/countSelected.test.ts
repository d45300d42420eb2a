import { describe, expect, it } from 'vitest';
import { DEFAULT_PRICES } from '../../../src/aws/cost/prices.ts';
import { tagReadingText } from '../../../src/vscode/selection/countSelected.ts';

describe('what a filter by tags costs', () => {
  it('is a request an object, at the price of the table', () => {
    expect(tagReadingText({ objects: 5_000, complete: true }, DEFAULT_PRICES)).toBe(
      'reads the tags of 5,000 objects: $0.002',
    );
  });

  it('is known at the least where the objects were not all counted', () => {
    const own = { ...DEFAULT_PRICES, getThousandRequests: 1 };
    expect(tagReadingText({ objects: 10_000, complete: false }, own)).toBe(
      'reads the tags of at least 10,000 objects: at least $10.00',
    );
  });
});
