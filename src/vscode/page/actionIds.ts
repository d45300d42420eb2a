import type { Block, Cell, PageAction, PageModel } from './protocol.ts';

/** The ids of what can be pressed on a page: nothing else a page says is run. */
export function actionIds({ blocks }: PageModel): Set<string> {
  return new Set(blocks.flatMap(idsIn));
}

function idsIn(block: Block): string[] {
  switch (block.kind) {
    case 'actions':
      return pressable(block.actions);
    case 'checks':
      return block.checks.flatMap(({ actions }) => pressable(actions ?? []));
    case 'facts':
      return block.facts.flatMap(({ value }) => linkIn(value));
    case 'table':
      return block.rows.flat().flatMap(linkIn);
    case 'details':
      return block.blocks.flatMap(idsIn);
    case 'heading':
    case 'text':
    case 'progress':
    case 'timeline':
    case 'code':
      return [];
  }
}

function pressable(actions: readonly PageAction[]): string[] {
  return actions.filter(({ isDisabled }) => isDisabled !== true).map(({ id }) => id);
}

function linkIn(cell: Cell): string[] {
  return typeof cell === 'string' ? [] : [cell.action];
}
