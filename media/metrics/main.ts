import 'uplot/dist/uPlot.min.css';
import './metrics.css';
import type { ToPanel } from '../../src/metrics/protocol.ts';
import { connect } from './host.ts';
import { Panel } from './panel.ts';
import { emptyPage } from './skeleton.ts';
import { useTexts } from '../texts.ts';
import { onThemeChange } from './theme.ts';

const page = document.querySelector('#panel');
let panel: Panel | undefined;

function begin(start: Extract<ToPanel, { kind: 'start' }>): void {
  useTexts(start);
  panel?.dispose();
  panel = new Panel(start);
  page?.replaceChildren(panel.element);
}

page?.replaceChildren(emptyPage());
onThemeChange(() => panel?.redraw());
window.addEventListener('keydown', event => {
  if (event.key === 'Escape') panel?.zoomOut();
});
connect(begin, () => void panel?.load(true));
