/**
 * Time: run, step, scrub. The bar shows the whole recording as a ribbon of states, with what was
 * clicked and switched; what lies ahead of the reader is faint.
 */

import { accessOf, historyOf, lengthMs } from './history.ts';
import type { Player, Speed } from './player.ts';
import { SPEEDS } from './player.ts';
import { clock, topOf } from './words.ts';

const SPEED_NAMES = (speed: Speed): string => (speed === 'auto' ? 'auto' : `${speed}\u00d7`);

const BUSY = {
  'playing again': 'Playing your clicks again \u2026',
  searching: 'Looking for what comes next \u2026',
} as const;

export function TimeBar({ player, act }: { player: Player; act: (does: () => void) => void }) {
  const isPlaying = player.isPlaying();
  const busy = player.busy();
  return (
    <section class="pg-time" aria-label="Time">
      <div class="pg-transport">
        <button
          type="button"
          onClick={() => act(() => player.scrub(0))}
          aria-label="To the beginning"
        >
          {'|\u25c0'}
        </button>
        <button type="button" onClick={() => act(() => player.back())} aria-label="Event before">
          {'\u25c0'} <span>Event</span>
        </button>
        <button
          type="button"
          class="pg-play"
          onClick={() => act(() => (isPlaying ? player.pause() : player.play()))}
        >
          <i aria-hidden="true">{isPlaying ? '\u275a\u275a' : '\u25b6'}</i>
          {isPlaying ? 'Pause' : 'Run'}
        </button>
        <button type="button" onClick={() => act(() => player.next())} aria-label="Next event">
          <span>Event</span> {'\u25b6'}
        </button>
        <select
          aria-label="Speed"
          value={String(player.speed())}
          onChange={(e) => {
            const speed = SPEEDS.find((s) => String(s) === e.currentTarget.value);
            if (speed) act(() => player.setSpeed(speed));
          }}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {SPEED_NAMES(speed)}
            </option>
          ))}
        </select>
        <output class="pg-clock" aria-live="off">
          {clock(player.atMs())}
        </output>
        <button type="button" disabled={!player.canUndo()} onClick={() => act(() => player.undo())}>
          Undo
        </button>
      </div>
      <Ribbon player={player} act={act} />
      <p class="pg-notice" role="status" data-busy={busy !== null}>
        {busy ? BUSY[busy] : player.notice()}
      </p>
    </section>
  );
}

function Ribbon({ player, act }: { player: Player; act: (does: () => void) => void }) {
  const recording = player.recording();
  const { stretches, marks } = historyOf(recording);
  const atMs = player.atMs();
  const lastMs = lengthMs(Math.max(recording.endMs(), atMs));
  const percent = (ms: number): string => `${(100 * ms) / lastMs}%`;
  const state = topOf(accessOf(player.view().frame));
  return (
    <div class="pg-ribbon">
      <div class="pg-track">
        {stretches.map(({ fromMs, toMs, state: of }) => (
          <span
            key={fromMs}
            class="pg-stretch"
            data-state={of}
            style={{ left: percent(fromMs), width: percent(toMs - fromMs) }}
          />
        ))}
        <span class="pg-ahead" style={{ left: percent(atMs) }} />
        {marks.map(({ atMs: ms, kind, says }) => (
          <span
            key={`${ms} ${says}`}
            class="pg-mark"
            data-kind={kind}
            title={`${clock(ms)} ${says}`}
            style={{ left: percent(ms) }}
          />
        ))}
        <input
          type="range"
          class="pg-scrub"
          aria-label="Scrub through what happened"
          aria-valuetext={`${clock(atMs)}, ${state}`}
          min={0}
          max={lastMs}
          step={1}
          value={Math.round(atMs)}
          onInput={(e) => {
            const ms = Number(e.currentTarget.value);
            act(() => player.scrub(ms));
          }}
        />
      </div>
      <div class="pg-axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part}>{clock(lastMs * part).replace(/\.\d+$/, '')}</span>
        ))}
      </div>
    </div>
  );
}
