/** The page: stories, the cluster, where things stand, the chart, what happened, and the sliders. */

import { useMemo, useState } from 'preact/hooks';
import { KnobsPanel } from './knobs-panel.tsx';
import { LiveChart, type RegionName } from './live-chart.tsx';
import { ClusterMap } from './map.tsx';
import { Now } from './now.tsx';
import type { PageData } from './page-data.ts';
import type { Player } from './player.ts';
import { litAt, statusAt } from './present.ts';
import { Share } from './share.tsx';
import { Steps } from './steps.tsx';
import { stories } from './stories.ts';
import { TimeBar } from './time-bar.tsx';

/** A story is watched from here: shortly before its first fault. */
const STORY_FROM_MS = 8000;

export interface AppProps {
  readonly data: PageData;
  readonly player: Player;
  /** Changes something and shows it. */
  readonly act: (does: () => void) => void;
  readonly link: () => string;
  readonly scenario: () => string;
  /** What is wrong with the link that was opened; empty: nothing. */
  readonly problem: string;
}

export function App({ data, player, act, link, scenario, problem }: AppProps) {
  const [region, show] = useState<RegionName>('access');
  const { recording, frame, atMs, step } = player.view();
  // While time runs, ages and countdowns are shown to a tenth of a second: a phone has to keep up.
  const shownMs = player.isPlaying() ? Math.floor(atMs / 100) * 100 : atMs;
  const status = useMemo(() => statusAt(frame, shownMs), [frame, shownMs]);
  const { cues } = player.script();
  const said = cues.filter((cue) => cue.atMs <= atMs).map((cue) => cue.line);
  const click = (lines: readonly string[]): void => act(() => player.click(lines));
  const { settings } = player.recording();
  return (
    <>
      {problem && (
        <p class="pg-problem" role="alert">
          {problem}
        </p>
      )}
      <Stories player={player} act={act} />
      {useMemo(
        () => (
          <div class="pg-top">
            <ClusterMap
              clicks={{ world: frame.world, said, click }}
              status={status}
              atMs={shownMs}
            />
            <Now frame={frame} status={status} recording={recording} atMs={shownMs} />
          </div>
        ),
        [status, cues, said.length, recording.broken.length],
      )}
      {useMemo(
        () => (
          <LiveChart
            status={status}
            region={region}
            show={show}
            lit={litAt(recording, frame, step, data.graph, shownMs)}
          />
        ),
        [status, region, step],
      )}
      {useMemo(
        () => (
          <Steps
            recording={recording}
            graph={data.graph}
            at={step}
            goTo={(position) => act(() => player.goTo(position))}
          />
        ),
        [recording, recording.steps.length, step],
      )}
      {useMemo(
        () => (
          <KnobsPanel
            base={data.base}
            settings={settings}
            set={(key, value) => act(() => player.set(key, value))}
          />
        ),
        [settings],
      )}
      <Share link={link} scenario={scenario} />
      <TimeBar player={player} act={act} />
    </>
  );
}

function Stories({ player, act }: { player: Player; act: AppProps['act'] }) {
  const [chosen, choose] = useState('');
  const story = stories.find((s) => s.id === chosen);
  const start = (id: string): void => {
    const next = stories.find((s) => s.id === id);
    choose(id);
    act(() => {
      if (next) player.load({ ...next.script, sets: player.script().sets }, STORY_FROM_MS);
      else player.reset();
      if (next) player.play();
    });
  };
  return (
    <section aria-labelledby="stories-title">
      <div class="pg-stories">
        <h2 id="stories-title">Stories</h2>
        {stories.map(({ id, title }) => (
          <button type="button" key={id} aria-pressed={id === chosen} onClick={() => start(id)}>
            {title}
          </button>
        ))}
        <button type="button" class="pg-plain" onClick={() => start('')}>
          Start over
        </button>
      </div>
      <p class="pg-story-says">
        {story ? story.says : 'Or click a fault on the map: a wire, a power switch, a service.'}
      </p>
    </section>
  );
}
