'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const grouped = (n) => n.toLocaleString('en');
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const clock = (seconds) => {
    const s = Math.floor(seconds);
    const two = (n) => String(n).padStart(2, '0');
    const minutes = Math.floor(s / 60);
    if (minutes < 60) return `${minutes}:${two(s % 60)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
  };

  const time = (seconds) => {
    if (seconds >= 10) return `${seconds.toFixed(0)} s`;
    if (seconds >= 1) return `${seconds.toFixed(1)} s`;
    if (seconds >= 0.01) return `${(seconds * 1000).toFixed(0)} ms`;
    return `${(seconds * 1000).toFixed(1)} ms`;
  };

  const rate = (n) => (n >= 10 ? grouped(Math.round(n)) : n.toFixed(1));

  const size = (octets) => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let i = 0;
    for (; octets >= 1000 && i + 1 < units.length; ++i) octets /= 1000;
    return `${i === 0 ? octets : octets.toFixed(1)} ${units[i]}`;
  };

  const make = (kind, name, text) => {
    const e = document.createElement(kind);
    if (name) e.className = name;
    if (text !== undefined) e.textContent = text;
    return e;
  };

  // A second's worth of points at least: shorter ones jump up and down.
  const perSecond = (until, counts) => {
    const out = [];
    for (let i = 0; i < counts.length; ++i) {
      let first = i;
      const start = () => (first === 0 ? 0 : until[first - 1]);
      let sum = counts[i];
      while (first > 0 && until[i] - start() < 1) sum += counts[--first];
      out.push(sum / Math.max(until[i] - start(), 0.001));
    }
    return out;
  };

  const showState = (d) => {
    const pill = byId('state');
    const wait = d.metrics.catena_hold_seconds;
    let text = 'running';
    let look = '';
    if (d.ended) {
      text = d.outcome;
      look = {complete: 'good', unverified: 'doubt', interrupted: 'doubt'}[d.outcome] || 'bad';
    } else if (wait > 0) {
      text = `waits ${Math.ceil(wait)} s, as the server asked`;
      look = 'wait';
    }
    pill.textContent = text;
    pill.className = `pill ${look}`;
    byId('name').textContent = d.name;
    byId('clock').textContent = clock(d.seconds);
    document.title = `${grouped(d.metrics.catena_records_total)} records · ${d.name} · catena`;
  };

  const showNumbers = (d) => {
    for (const e of document.querySelectorAll('[data-metric]'))
      e.textContent = grouped(d.metrics[e.dataset.metric]);
    const p = d.points;
    const records = d.ended ? p.records.reduce((a, b) => a + b, 0) / Math.max(d.seconds, 0.001)
                            : perSecond(p.until, p.records).at(-1);
    byId('pace').textContent =
        records === undefined ? '\u00a0' : `${rate(records)} a second${d.ended ? ' in all' : ''}`;
    byId('octets').textContent = `${size(d.metrics.catena_received_bytes_total)} received`;
    const bound = d.metrics.catena_requests_in_flight_bound;
    byId('bound').textContent = bound > 0 ? ` of at most ${grouped(bound)}` : '';
    byId('p50').textContent = d.latency.count > 0 ? time(d.latency.p50) : '–';
    byId('p99').textContent = d.latency.count > 0 ? time(d.latency.p99) : '–';
    const rows = Object.entries(d.metrics).map(([name, value]) => {
      const row = make('tr');
      row.append(make('td', '', name), make('td', '', String(value)));
      return row;
    });
    byId('all').tBodies[0].replaceChildren(...rows);
  };

  const showBar = (d) => {
    const bar = byId('bar');
    const m = d.metrics;
    const all = Math.max(m.catena_chains, 1);
    const keys = d.keys;
    const count = keys ? keys.done.length : 200;
    while (bar.children.length < count) bar.append(make('span'));
    const at = new Set(keys ? keys.walking : []);
    const bad = new Set(keys ? keys.stopped : []);
    for (let i = 0; i < count; ++i) {
      const cell = bar.children[i];
      const done = keys ? keys.done[i] / 1000
                        : Math.min(1, Math.max(0, m.catena_chains_ended / all * count - i));
      cell.style.setProperty('--done', done.toFixed(3));
      cell.className = bad.has(i) ? 'bad' : at.has(i) && !d.ended ? 'at' : '';
    }
    const share = keys ? keys.done.reduce((a, b) => a + b, 0) / (10 * count)
                       : 100 * m.catena_chains_ended / all;
    byId('bar-text').textContent = keys
        ? `${share.toFixed(1)} % seen committed by this run`
        : `${share.toFixed(1)} % of the chains have ended; where their keys lie is not known`;
  };

  const showStrips = (d) => {
    const width = Math.max(d.seconds, 0.001);
    const percent = (seconds) => `${(100 * Math.min(seconds, width) / width).toFixed(3)}%`;
    const rows = d.slowest.map((s) => {
      const row = make('div', `strip ${s.state}`);
      const track = make('div', 'track');
      const span = make('div', 'span');
      span.style.left = percent(s.begun);
      span.style.width = percent(s.ended - s.begun);
      const fill = make('div', 'fill');
      fill.style.width = `${100 * (s.done === null ? (s.state === 'ended' ? 1 : 0.3) : s.done)}%`;
      span.append(fill);
      track.append(span);
      for (const [when, what] of s.marks) {
        const mark = make('div', `mark ${what}`);
        mark.style.left = percent(when);
        track.append(mark);
      }
      row.title = `chain ${s.chain}: ${s.state}, ${time(s.ended - s.begun)}, ` +
          `${grouped(s.records)} records, ${grouped(s.troubles)} troubles`;
      row.append(make('span', 'who', `#${s.chain}`), track,
                 make('span', 'pages', `${grouped(s.pages)} pages`));
      return row;
    });
    byId('strips').replaceChildren(...rows);
    byId('shown').textContent = grouped(rows.length);
  };

  // Without uPlot: the last points as figures.
  const showFigures = (d) => {
    const p = d.points;
    const table = (id, names, columns) => {
      const t = make('table', 'figures');
      const head = make('tr');
      head.append(...['until', ...names].map((n) => make('th', '', n)));
      t.append(head);
      for (let i = p.until.length - 1; i >= 0 && i > p.until.length - 7; --i) {
        const row = make('tr');
        row.append(make('td', '', clock(p.until[i])), ...columns.map((c) => make('td', '', c(i))));
        t.append(row);
      }
      byId(id).replaceChildren(t);
    };
    const records = perSecond(p.until, p.records);
    const or = (v, text) => (v === null ? '–' : text(v));
    table('throughput', ['records a second', 'in flight', 'at most', '429'],
          [(i) => rate(records[i]), (i) => String(p.in_flight[i]), (i) => or(p.bound[i], String),
           (i) => String(p.throttled[i])]);
    table('latency', ['50 %', '90 %', '99 %'],
          ['p50', 'p90', 'p99'].map((q) => (i) => or(p[q][i], time)));
  };

  const plots = {};
  let latest = null;

  // What lies behind the lines: where the server had asked to wait, 429s and recoveries.
  const marks = (u) => {
    if (!latest) return;
    const p = latest.points;
    const {ctx, bbox} = u;
    const ratio = window.devicePixelRatio || 1;
    const x = (seconds) => u.valToPos(seconds, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour('--amber-soft');
    for (let i = 0; i < p.until.length; ++i) {
      const begins = i === 0 ? 0 : p.until[i - 1];
      if (p.held[i]) ctx.fillRect(x(begins), bbox.top, x(p.until[i]) - x(begins), bbox.height);
    }
    const tick = (counts, name, top) => {
      ctx.fillStyle = colour(name);
      for (let i = 0; i < counts.length; ++i) {
        if (counts[i] === 0) continue;
        ctx.beginPath();
        ctx.arc(x(p.until[i]), bbox.top + top * ratio, 3.5 * ratio, 0, 2 * Math.PI);
        ctx.fill();
      }
    };
    tick(p.throttled, '--red', 7);
    tick(p.recovered, '--green', 17);
    ctx.restore();
  };

  const axis = (scale, text, more) => Object.assign({
    scale, stroke: colour('--quiet'), font: '11px system-ui, sans-serif', size: 52,
    grid: {stroke: colour('--edge'), width: 1}, ticks: {show: false},
    values: (u, all) => all.map((v) => (v === null ? '' : text(v))),
  }, more);
  const line = (label, scale, name, text, more) => Object.assign({
    label, scale, stroke: colour(name), width: 1.5, points: {show: false},
    value: (u, v) => (v === null || v === undefined ? '–' : text(v)),
  }, more);
  const seconds = {label: 'at', value: (u, v) => (v === null || v === undefined ? '–' : clock(v))};
  const common = (box) => ({
    width: box.clientWidth, height: box.clientHeight - 28, padding: [8, 8, 0, 0],
    cursor: {sync: {key: 'run'}, drag: {x: false, y: false}, points: {size: 6}},
  });
  const whole = (n) => (Number.isInteger(n) ? grouped(n) : '');

  const buildPlots = () => {
    for (const name of Object.keys(plots)) plots[name].destroy();
    const rates = byId('throughput');
    plots.throughput = new uPlot(Object.assign(common(rates), {
      scales: {x: {time: false}, rate: {range: (u, a, b) => [0, Math.max(b * 1.15, 1)]},
               requests: {range: (u, a, b) => [0, Math.max(b * 1.3, 2)]}},
      axes: [axis('x', clock, {size: 24}), axis('rate', grouped),
             axis('requests', whole, {side: 1, grid: {show: false}, size: 40})],
      series: [seconds,
               line('records a second', 'rate', '--blue', rate, {fill: colour('--blue-soft')}),
               line('requests in flight', 'requests', '--violet', grouped),
               line('at most', 'requests', '--amber', grouped, {dash: [4, 4]})],
      hooks: {drawAxes: [marks]},
    }), [[], [], [], []], rates);
    const times = byId('latency');
    plots.latency = new uPlot(Object.assign(common(times), {
      scales: {x: {time: false}, y: {distr: 3}},
      axes: [axis('x', clock, {size: 24}), axis('y', time),
             axis('y', () => '', {side: 1, grid: {show: false}, size: 40})],
      series: [seconds, line('50 %', 'y', '--blue', time), line('90 %', 'y', '--violet', time),
               line('99 %', 'y', '--amber', time)],
    }), [[], [], [], []], times);
  };

  const drawPlots = (d) => {
    const p = d.points;
    const log = (all) => all.map((v) => (v === null ? null : Math.max(v, 0.0001)));
    plots.throughput.setData([p.until, perSecond(p.until, p.records), p.in_flight, p.bound]);
    plots.latency.setData([p.until, log(p.p50), log(p.p90), log(p.p99)]);
  };

  const show = (d) => {
    latest = d;
    showState(d);
    showNumbers(d);
    showBar(d);
    showStrips(d);
    if (typeof uPlot === 'undefined') return showFigures(d);
    if (!plots.throughput) buildPlots();
    drawPlots(d);
  };

  if (typeof uPlot !== 'undefined') {
    new ResizeObserver(() => {
      for (const [name, plot] of Object.entries(plots)) {
        const box = byId(name);
        plot.setSize({width: box.clientWidth, height: box.clientHeight - 28});
      }
    }).observe(byId('throughput'));
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      if (!latest) return;
      buildPlots();
      drawPlots(latest);
    });
  }

  const gone = () => {
    const pill = byId('state');
    pill.textContent = latest ? 'the run is gone; these numbers came last' : 'there is no run here';
    pill.className = 'pill bad';
  };

  // After a few failures in a row nobody is there any more: the server ends with the run.
  let failures = 0;
  const ask = async () => {
    try {
      const answer = await fetch('data.json', {cache: 'no-store', signal: AbortSignal.timeout(5000)});
      if (!answer.ok) throw new Error(String(answer.status));
      const d = await answer.json();
      failures = 0;
      show(d);
      if (d.ended) return;
    } catch {
      if (++failures === 3) return gone();
    }
    setTimeout(ask, 1000);
  };

  const inlined = byId('data');
  if (inlined)
    show(JSON.parse(inlined.textContent));
  else
    ask();
})();
