/** A progress bar on a terminal; elsewhere silence. */

import { SingleBar } from 'cli-progress';
import type { Course } from '../../tune/course.ts';

export interface Bar {
  update(): void;
  end(): void;
}

const FORMAT = '[{bar}] {value} of {total} runs{rung}, {eta_formatted} left';

export function progressBar(course: Course): Bar {
  if (!process.stderr.isTTY) return { update: () => undefined, end: () => undefined };
  const bar = new SingleBar({
    format: FORMAT,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 200,
    stream: process.stderr,
  });
  let rung = course.rung()?.at ?? 0;
  const place = (): { rung: string } => ({ rung: rung > 0 ? `, rung ${rung + 1}` : '' });
  const first = course.progress();
  bar.start(first.all, first.done, place());
  return {
    update() {
      const now = course.rung()?.at;
      if (now === undefined) {
        bar.update(bar.getTotal());
        return;
      }
      const { done, all } = course.progress();
      if (now !== rung) {
        rung = now;
        bar.start(all, done, place());
      } else bar.update(done, place());
    },
    end: () => bar.stop(),
  };
}
