/** The watching thread of `watchdog.ts`. */

import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { WatchdogData } from './watchdog.ts';

const { beats, limitMs, lookMs } = workerData as WatchdogData;
const counter = new Int32Array(beats);
const STDERR = 2;

let lastBeat = Atomics.load(counter, 0);
let beatSeenMs = performance.now();
let lookedMs = beatSeenMs;

setInterval(() => {
  const nowMs = performance.now();
  const late = nowMs - lookedMs > 2 * lookMs;
  lookedMs = nowMs;
  const beat = Atomics.load(counter, 0);
  // This thread stood still too: the process was stopped, which is nobody's fault in it.
  if (beat !== lastBeat || late) beatSeenMs = nowMs;
  lastBeat = beat;
  if (nowMs - beatSeenMs < limitMs) return;
  const text = `reroute: the main loop stood still for ${Math.round(nowMs - beatSeenMs)} ms; this process ends, the route stays\n`;
  try {
    writeSync(STDERR, text);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, lookMs);

parentPort?.postMessage('watching');
