/**
 * The report of a replay under another configuration: one HTML file that asks no network and runs
 * nothing. What would have gone differently, first in a sentence, then as a picture and a table.
 * It holds no time of its own: the same journal and configuration make the same bytes.
 */

import type { PathId } from '../../machines/model.ts';
import type { Course, Switch, WhatIf } from '../../replay/what-if.ts';
import { documentHtml } from '../../tune/report/document.ts';
import { escapeHtml } from '../../tune/report/svg.ts';
import { tableHtml } from '../../tune/report/tables.ts';
import { duration } from '../format.ts';
import { coursesSvg } from './picture.ts';

export interface Subject {
  readonly journal: string;
  readonly config: string;
  /** In the order of the configuration, home first. */
  readonly paths: readonly PathId[];
  /** What was wrong with the journal, one line each. */
  readonly problems: readonly string[];
}

const ROWS_MAX = 500;
const OWN_STYLE = `td:last-child{white-space:normal;min-width:16rem}
.key i.bad{height:.8rem;opacity:.25;background:var(--old)}`;

export function pageOf(w: WhatIf, subject: Subject): string {
  const title = `${subject.journal} under ${subject.config}`;
  const body = `<section class="answer"><p class="lead">${escapeHtml(answer(w))}</p>
${tiles(w)}</section>
<section><h2>Where the route led</h2>
<div class="legend"><span class="key"><i class="s0"></i>as recorded</span><span class="key"><i class="s1"></i>under the other configuration (dashed)</span><span class="key"><i class="bad"></i>the path was observed to be bad</span></div>
<figure class="card"><div class="scroll">${coursesSvg(w, subject.paths)}</div></figure></section>
<section><h2>Switches</h2>
${switchTable(w)}</section>
<section><h2>What this leaves open</h2>
<p>The observations are those of the recorded run. Orders are taken to succeed at once, and observations not to feel the switches: that is fair for timers, not for load.</p>
${subject.problems.length === 0 ? '' : `<p>The journal was not whole:</p><ul>${subject.problems.map((p) => `<li>${escapeHtml(p)}</li>`).join('')}</ul>`}
</section>`;
  return documentHtml({ kind: 'Replay', title, style: OWN_STYLE, body });
}

/** What would have gone differently, in one sentence. */
export function answer({ recorded, other, spanMs }: WhatIf): string {
  const saved = recorded.switches.length - other.switches.length;
  const moves =
    saved === 0
      ? 'as many switches'
      : `${Math.abs(saved)} ${Math.abs(saved) === 1 ? 'switch' : 'switches'} ${saved > 0 ? 'fewer' : 'more'}`;
  const ms = other.outageMs - recorded.outageMs;
  const outage =
    ms === 0
      ? 'the same outage'
      : `${duration(Math.abs(ms))} of outage ${ms > 0 ? 'more' : 'less'}`;
  return `In ${duration(spanMs)}: ${moves}, ${outage}.`;
}

function tiles({ recorded, other }: WhatIf): string {
  const tile = (name: string, of: (c: Course) => string): string =>
    `<div class="tile"><h3>${name}</h3><div class="big"><b>${of(other)}</b></div><div><span>recorded</span> ${of(recorded)}</div></div>`;
  return `<div class="tiles">${[
    tile('switches', (c) => String(c.switches.length)),
    tile('outage', (c) => duration(c.outageMs)),
    tile('away from home', (c) => `${(100 * c.awayShare).toFixed(1)} %`),
  ].join('')}</div>`;
}

function switchTable(w: WhatIf): string {
  const rows = [
    ...w.recorded.switches.map((s) => ({ s, who: 'recorded' })),
    ...w.other.switches.map((s) => ({ s, who: 'other' })),
  ].sort((a, b) => a.s.atMs - b.s.atMs);
  if (rows.length === 0) return '<p>Neither course has any.</p>';
  const cells = ({ s, who }: { s: Switch; who: string }): string[] => [
    duration(s.atMs - w.startMs),
    who,
    `${s.from ?? 'no target'} → ${s.to}`,
    s.kind,
    s.reason,
  ];
  const left = rows.length - ROWS_MAX;
  const more = left > 0 ? `<p>… and ${left} more: --json has them all.</p>` : '';
  const head = ['after', 'course', 'switch', 'kind', 'reason'];
  return tableHtml({ head, rows: rows.slice(0, ROWS_MAX).map(cells) }) + more;
}
