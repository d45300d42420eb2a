// The panel's charts by ECharts, as thinned out and as lean as it can: canvas, no animation.
import { LineChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from 'echarts/components';
import { connect, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { CHARTS } from '../../../media/metrics/chartKinds.ts';
import { COLOURS, newTarget, visible } from './page.mjs';

use([LineChart, GridComponent, LegendComponent, TooltipComponent]);
use([DataZoomInsideComponent, CanvasRenderer]);

const DAY = 86_400_000;

let charts = [];
let data;

globalThis.show = given => {
  data = given;
  charts.forEach(chart => chart.dispose());
  charts = CHARTS.map(draw);
  // Shares the crosshair, and what is visible.
  connect('metrics');
};

globalThis.pan = seconds => {
  const [startValue, endValue] = visible(data.times, seconds).map(time => time * 1000);
  charts[0].dispatchAction({ type: 'dataZoom', startValue, endValue });
};

function draw({ series, unit }) {
  const chart = init(newTarget(data));
  chart.group = 'metrics';
  const [startValue, endValue] = visible(data.times, 0).map(time => time * 1000);
  const right = series.find(each => each.right)?.right;
  chart.setOption({
    animation: false,
    grid: { left: 64, right: 52, top: 8, bottom: 48 },
    legend: { bottom: 0 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'cross' } },
    // It moves what is seen within its axis only.
    xAxis: { type: 'time', min: startValue - 2 * DAY, max: endValue + 2 * DAY },
    yAxis: [
      { axisLabel: { formatter: unit === 'milliseconds' ? '{value} ms' : '{value}' } },
      ...(right ? [rightAxis(right)] : []),
    ],
    dataZoom: [{ type: 'inside', startValue, endValue, filterMode: 'filter', throttle: 0 }],
    series: series.map(lineOf),
  });
  return chart;
}

function rightAxis(right) {
  const percent = right === 'percent' && { max: 104, axisLabel: { formatter: '{value} %' } };
  return { splitLine: { show: false }, ...percent };
}

function lineOf({ id, colour, bars, right, dash }) {
  const color = COLOURS[colour];
  return {
    type: 'line',
    name: id,
    data: data.columns[id].map((y, index) => [data.times[index] * 1000, y]),
    yAxisIndex: right ? 1 : 0,
    color,
    lineStyle: { width: 1.5, type: dash ?? 'solid' },
    ...(bars && { areaStyle: { color } }),
    showSymbol: false,
    sampling: 'minmax',
  };
}
