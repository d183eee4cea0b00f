/**
 * What happened, in order, and for the step at the reader's place why: its lines with their reasons,
 * and each guard that the chart asked in it with its answer and its numbers.
 */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Graph } from '../../../diagram/graph.ts';
import type { Asked, AskedRow } from './asked.ts';
import { gatesOf, guardWords } from './guard-words.ts';
import { Answer, Gates } from './now.tsx';
import { askedOf, type Recording, type Step } from './recording.ts';
import { clock, headline, kindOf } from './words.ts';

export interface StepsProps {
  readonly recording: Recording;
  readonly graph: Graph;
  /** Position of the step at the reader's place; -1: none yet. */
  readonly at: number;
  readonly goTo: (position: number) => void;
}

/** So many around the reader's place are listed. */
const AROUND = 60;

export function Steps({ recording, graph, at, goTo }: StepsProps) {
  const { steps } = recording;
  const from = Math.max(0, at - AROUND);
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => keepInView(list.current), [at, recording]);
  const step = steps[at];
  return (
    <section class="pg-card pg-steps" aria-labelledby="steps-title">
      <h2 id="steps-title">What happened, and why</h2>
      <div class="pg-steps-row">
        <ol ref={list} class="pg-list" aria-label="Steps" start={from + 1}>
          {steps.slice(from, at + AROUND).map((one, i) => (
            <Row key={from + i} step={one} isNow={from + i === at} go={() => goTo(from + i)} />
          ))}
        </ol>
        <div class="pg-detail">
          {step ? <Detail step={step} graph={graph} /> : <p>Nothing has happened yet.</p>}
        </div>
      </div>
    </section>
  );
}

function Row({ step, isNow, go }: { step: Step; isNow: boolean; go: () => void }) {
  return (
    <li>
      <button
        type="button"
        aria-current={isNow ? 'step' : undefined}
        data-kind={kindOf(step)}
        onClick={go}
      >
        <time>{clock(step.atMs)}</time>
        <span>{headline(step)}</span>
      </button>
    </li>
  );
}

/** Scrolls the list, and never the page. */
function keepInView(list: HTMLElement | null): void {
  const row = list?.querySelector<HTMLElement>('[aria-current]');
  if (!list || !row) return;
  const top = row.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + row.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

function Detail({ step, graph }: { step: Step; graph: Graph }) {
  if (step.cue !== null) {
    return (
      <p class="pg-said">
        {clock(step.atMs)} You clicked: <code>{step.cue}</code>
      </p>
    );
  }
  const asked = telling(askedOf(step, graph));
  return (
    <>
      <h3>
        {clock(step.atMs)} {step.fact?.type}
      </h3>
      <ul class="pg-lines">
        {step.lines.map((line) => (
          <li key={line.text} data-type={line.type}>
            {line.text}
          </li>
        ))}
      </ul>
      {asked.length > 0 && <h4>What the chart asked, in turn</h4>}
      {asked.map((one) => (
        <AskedTable key={keyOf(one)} asked={one} />
      ))}
    </>
  );
}

const keyOf = ({ state, event, rows }: Asked): string =>
  `${state} ${event} ${rows.map((r) => `${r.transition.guard} ${r.answer?.holds}`).join()}`;

/** Those that led somewhere, and all of the region that decides; each once. */
function telling(asked: readonly Asked[]): Asked[] {
  const once = new Map(asked.map((one) => [keyOf(one), one]));
  const isTaken = (row: AskedRow): boolean => row.answer === null || row.answer.holds;
  return [...once.values()].filter((a) => a.state.startsWith('access') || a.rows.some(isTaken));
}

function AskedTable({ asked: { state, event, rows } }: { asked: Asked }) {
  return (
    <div class="pg-asked">
      <p>
        <b>{state}</b> hears <b>{event}</b>
      </p>
      <ol>
        {rows.map((row) => (
          <AskedLine key={row.transition.guard ?? 'else'} row={row} />
        ))}
      </ol>
    </div>
  );
}

function AskedLine({ row: { transition, answer } }: { row: AskedRow }) {
  const holds = answer?.holds ?? true;
  const leads = transition.target ? ` \u2192 ${transition.target}` : '';
  const gates = answer ? gatesOf(answer.guard, answer.context) : [];
  return (
    <li data-holds={holds}>
      <Answer holds={holds} />
      <code>{transition.guard ?? 'else'}</code>
      {holds && <b class="pg-leads">{leads || doing(transition.actions)}</b>}
      {answer && <span>{guardWords(answer.guard, answer.context, answer.event)}</span>}
      {gates.length > 0 && answer && (
        <details>
          <summary>{gates.length} gates</summary>
          <Gates gates={gates} />
        </details>
      )}
    </li>
  );
}

const doing = (actions: readonly { readonly name: string }[]): string =>
  actions.length > 0 ? ` ${actions.map((a) => a.name).join(', ')}` : '';
