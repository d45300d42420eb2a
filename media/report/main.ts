import './report.css';
import type { ToReport } from '../../src/jobs/report/protocol.ts';
import { element } from '../dom.ts';
import { text as said, useTexts } from '../texts.ts';
import { buttons } from './head.ts';
import { ask, connect } from './host.ts';
import { ReportPage } from './page.ts';

const place = document.querySelector('#panel');
let page: ReportPage | undefined;
let isTrouble = true;

function listen(message: Extract<ToReport, { kind: 'start' | 'head' | 'trouble' }>): void {
  if (message.kind === 'start') {
    useTexts(message);
    page = new ReportPage(message.state);
    isTrouble = true;
    place?.replaceChildren(element('p', { class: 'empty', role: 'status' }, message.waiting));
  } else if (message.kind === 'head' && page !== undefined) {
    if (isTrouble) place?.replaceChildren(page.element);
    isTrouble = false;
    page.showHead(message.head);
  } else if (message.kind === 'trouble') showTrouble(message);
}

function showTrouble({ text, actions }: Extract<ToReport, { kind: 'trouble' }>): void {
  isTrouble = true;
  const act = (id: string): void => void ask('act', { id });
  place?.replaceChildren(
    element('h1', { class: 'empty' }, said('title')),
    element('p', { class: 'empty error', role: 'alert' }, text),
    buttons(actions, { act }),
  );
}

window.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
  event.preventDefault();
  page?.focusSearch();
});
connect(listen);
