/**
 * The timers on sliders. Changing one plays the same clicks again under the new value: the ribbon
 * shows at once what would have been different.
 */

import type { Settings } from '../../../machines/settings.ts';
import { type Knob, knobGroups, shown, stopsWith, written } from './knobs.ts';

export interface KnobsProps {
  readonly base: Settings;
  readonly settings: Settings;
  readonly set: (key: string, value: string | null) => void;
}

export function KnobsPanel(props: KnobsProps) {
  return (
    <section class="pg-card pg-knobs" aria-labelledby="knobs-title">
      <h2 id="knobs-title">Timers and thresholds</h2>
      <p>Move one, and your clicks are played again from the start under the new value.</p>
      <div class="pg-knob-groups">
        {knobGroups.map(({ title, knobs }) => (
          <fieldset key={title}>
            <legend>{title}</legend>
            {knobs.map((knob) => (
              <Slider key={knob.key} knob={knob} {...props} />
            ))}
          </fieldset>
        ))}
      </div>
    </section>
  );
}

function Slider({ knob, base, settings, set }: KnobsProps & { knob: Knob }) {
  const [value, own] = [knob.read(settings), knob.read(base)];
  const stops = stopsWith({ ...knob, stops: stopsWith(knob, own) }, value);
  const id = `knob-${knob.key.replace('.', '-')}`;
  const choose = (to: number): void => set(knob.key, to === own ? null : written(knob, to));
  return (
    <div class="pg-knob" data-changed={value !== own}>
      <label for={id}>{knob.name}</label>
      <output for={id}>{shown(knob, value)}</output>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={stops.indexOf(value)}
        aria-valuetext={shown(knob, value)}
        aria-describedby={`${id}-says`}
        onInput={(e) => choose(stops[Number(e.currentTarget.value)] ?? own)}
      />
      <button
        type="button"
        disabled={value === own}
        aria-label={`${knob.name} back to ${shown(knob, own)}`}
        title={`back to ${shown(knob, own)}`}
        onClick={() => set(knob.key, null)}
      >
        {'\u21ba'}
      </button>
      <small id={`${id}-says`}>{knob.says}</small>
    </div>
  );
}
