// What the pages of the peers share.

export const COLOURS = {
  blue: '#3794ff',
  red: '#f14c4c',
  green: '#89d185',
  purple: '#b180d7',
  yellow: '#cca700',
};

/** A place for one chart, as large as the panel's. */
export function newTarget({ width, height }) {
  const target = document.createElement('div');
  target.style.cssText = `width:${width}px;height:${height}px;position:relative;float:left`;
  document.querySelector('#panel').append(target);
  return target;
}

/** What is seen after panning by so many seconds: as long as all that is loaded. */
export function visible(times, seconds) {
  return [times[0] + seconds, times.at(-1) + seconds];
}

const format = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: 'numeric' });

export function timeText(seconds) {
  return format.format(seconds * 1000);
}
