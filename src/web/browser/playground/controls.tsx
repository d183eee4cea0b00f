/** The small controls of the map: a row of buttons, a list to choose from, a thing to do. */

import { type Act, type Choice, type Control, nowOf } from './faults.ts';
import type { WorldView } from './world-view.ts';

export interface Clicks {
  readonly world: WorldView;
  /** Lines of the script up to the reader's place. */
  readonly said: readonly string[];
  readonly click: (lines: readonly string[]) => void;
}

/** Few choices: a button each, one of them pressed. */
export function Buttons({
  control,
  clicks,
  disabled = false,
}: {
  control: Control;
  clicks: Clicks;
  disabled?: boolean;
}) {
  const now = disabled ? -1 : nowOf(control, clicks.world, clicks.said);
  return (
    <fieldset class="pg-buttons" aria-label={control.label} disabled={disabled}>
      {control.choices.map((choice, at) => (
        <button
          type="button"
          key={choice.label}
          aria-pressed={at === now}
          data-well={at === 0}
          onClick={() => at !== now && clicks.click(choice.lines)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}

/** Many choices, or few that matter less. */
export function Chooser({ control, clicks }: { control: Control; clicks: Clicks }) {
  const now = nowOf(control, clicks.world, clicks.said);
  const choose = (choice: Choice | undefined) => choice && clicks.click(choice.lines);
  return (
    <select
      class="pg-chooser"
      aria-label={control.label}
      data-well={now === 0}
      value={String(now)}
      onChange={(e) => choose(control.choices[Number(e.currentTarget.value)])}
    >
      {control.choices.map((choice, at) => (
        <option key={choice.label} value={String(at)}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function Doing({ act, clicks }: { act: Act; clicks: Clicks }) {
  return (
    <button type="button" class="pg-act" title={act.says} onClick={() => clicks.click([act.line])}>
      {act.label}
    </button>
  );
}
