/** The alarms that stand, above everything else; there is no room taken when there are none. */

import { byId, h, icon, keyed, setHidden, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { readable } from './words.ts';

type Alarm = readonly [string, string];

export function createAlarms(): (shown: Shown) => void {
  const list = keyed<Alarm>(
    byId('alarm-list'),
    ([name]) => name,
    ([name]) => h('li', '', icon('alarm'), h('b', '', name.replaceAll('_', ' ')), h('span')),
  );
  return ({ alarms }) => {
    const all = Object.entries(alarms);
    setHidden(byId('alarms'), all.length === 0);
    list(all, (at, [, says]) => setText(at.querySelector('span') ?? at, readable(says)));
  };
}
