import type { Page } from 'playwright-core';

/**
 * Texts of a page that nobody can read in a window of this width, a line each: beyond an edge where nothing
 * scrolls, cut off without an ellipsis and a title that has the whole, broken within a word, over one another, or
 * in a control that is too narrow for them. Charts are drawn, not text: only pictures show them.
 */
export function cutOffTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${LOOK})()`);
}

const LOOK = `() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    found.push('the page is ' + root.scrollWidth + ' pixels wide, its window ' + root.clientWidth);
  const say = (text, why) => found.push(why + ': ' + text.trim().replace(/\\s+/g, ' ').slice(0, 80));
  const scrolls = style => /auto|scroll/.test(style.overflowX);
  const cuts = style => /hidden|clip/.test(style.overflowX) || style.clipPath !== 'none';
  const forEarsOnly = element => {
    const box = element.getBoundingClientRect();
    return getComputedStyle(element).clipPath === 'inset(50%)' && box.width <= 1;
  };

  // Widths and heights within a pixel are the same: fonts have fractions.
  const sticksOut = (rect, box) =>
    rect.left < box.left - 1 || rect.right > box.right + 1 || rect.bottom > box.bottom + 1;
  const titled = (element, text) => {
    const with_ = element.closest('[title]');
    return with_ !== null && with_.title.includes(text.trim());
  };
  const problemOf = (text, rect, element) => {
    for (let box = element; box !== document.body && box !== null; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (forEarsOnly(box) || style.visibility === 'hidden') return undefined;
      if (scrolls(style) || (box.tabIndex === 0 && /auto|scroll/.test(style.overflowY))) return undefined;
      if (cuts(style) && sticksOut(rect, box.getBoundingClientRect())) {
        const says = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
        return says && titled(element, text) ? undefined : 'cut off';
      }
    }
    return rect.left < -1 || rect.right > innerWidth + 1 ? 'beyond the edge' : undefined;
  };

  // Only what is longer than a word, such as a key, may be broken anywhere.
  const brokenWord = node => {
    for (const { 0: word, index } of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      const part = node.data.slice(0, index).match(/[^\\s]*$/)[0] + word + node.data.slice(index + word.length).match(/^[^\\s]*/)[0];
      if (part.length <= 14 && lines.size > 1) return word;
    }
    return undefined;
  };

  const shown = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || !element.checkVisibility() || element.closest('script, style, option, title') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    const problem = rects.map(rect => problemOf(node.data, rect, element)).find(each => each !== undefined);
    if (problem !== undefined) say(node.data, problem);
    const broken = forEarsOnly(element) ? undefined : brokenWord(node);
    if (broken !== undefined) say(broken + ' in ' + node.data, 'a broken word');
    if (!forEarsOnly(element)) shown.push(...rects.map(rect => ({ rect, element, text: node.data })));
  }

  // A scroller's own rows may be under its edge, or under a heading that stays.
  const still = shown.filter(({ element }) => element.closest('.scroller, .grid, .top, .details') === null);
  still.forEach((one, at) => {
    const over = still.slice(at + 1).find(({ rect, element }) =>
      element !== one.element &&
      Math.min(rect.right, one.rect.right) - Math.max(rect.left, one.rect.left) > 2 &&
      Math.min(rect.bottom, one.rect.bottom) - Math.max(rect.top, one.rect.top) > 4);
    if (over !== undefined) say(one.text + ' / ' + over.text, 'over one another');
  });

  const canvas = document.createElement('canvas').getContext('2d');
  const widthOf = (text, style) => {
    canvas.font = style.font;
    return canvas.measureText(text).width;
  };
  for (const control of document.querySelectorAll('select, input[placeholder]')) {
    const style = getComputedStyle(control);
    const text = control.selectedOptions?.[0]?.textContent ?? control.placeholder;
    const arrow = control.matches('select') ? 16 : 0;
    const room = control.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    if (control.clientWidth > 0 && widthOf(text, style) > room + 1 && !titled(control, text))
      say(text, 'cut off in a ' + control.localName);
  }
  return [...new Set(found)];
}`;
