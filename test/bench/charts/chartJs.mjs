// The panel's charts by Chart.js. Counts are filled lines, as it can only thin out lines; it has no
// crosshair that charts share.
import {
  Chart,
  Decimation,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { CHARTS } from '../../../media/metrics/chartKinds.ts';
import { COLOURS, newTarget, timeText, visible } from './page.mjs';

Chart.register(LineController, LineElement, PointElement, LinearScale);
Chart.register(Decimation, Filler, Legend, Tooltip);

let charts = [];
let data;

globalThis.show = given => {
  data = given;
  charts.forEach(chart => chart.destroy());
  charts = CHARTS.map(draw);
};

globalThis.pan = seconds => {
  const [min, max] = visible(data.times, seconds);
  for (const chart of charts) {
    Object.assign(chart.options.scales.x, { min, max });
    chart.update('none');
  }
};

function draw({ series, unit }) {
  const canvas = document.createElement('canvas');
  newTarget(data).append(canvas);
  const [min, max] = visible(data.times, 0);
  const right = series.find(each => each.right)?.right;
  const ms = unit === 'milliseconds';
  const scales = {
    x: { type: 'linear', min, max, ticks: { callback: timeText } },
    y: { beginAtZero: true, ticks: { callback: value => (ms ? `${value} ms` : value) } },
    ...(right && {
      right: { position: 'right', grid: { display: false }, beginAtZero: true, ...percent(right) },
    }),
  };
  return new Chart(canvas, {
    type: 'line',
    data: { datasets: series.map(dataset) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      interaction: { mode: 'index', intersect: false },
      plugins: { decimation: { enabled: true, algorithm: 'min-max' } },
      scales,
    },
  });
}

function percent(right) {
  return right === 'percent' && { max: 104, ticks: { callback: value => `${value} %` } };
}

function dataset({ id, colour, bars, right, dash }) {
  return {
    label: id,
    data: data.columns[id].map((y, index) => ({ x: data.times[index], y: y ?? NaN })),
    yAxisID: right ? 'right' : 'y',
    borderColor: COLOURS[colour],
    backgroundColor: COLOURS[colour],
    borderWidth: 1.5,
    borderDash: dash ?? [],
    fill: bars ? 'origin' : false,
    pointRadius: 0,
  };
}
