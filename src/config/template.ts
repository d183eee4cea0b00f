/**
 * The commented example of a profile: every key with its meaning, type, range and default. Keys
 * that have a default are commented out (`#key: value`, no space), so the example behaves as the
 * bare profile and a changed `profile:` line takes effect. examples/*.yaml are made from this.
 */

import { type KeyDoc, keyDocs } from './leaf.ts';
import { writtenDefault } from './profiles.ts';
import { keysOf, type ProfileName, SECTIONS } from './schema.ts';

const WIDTH = 98;

const SUITS: Readonly<Record<ProfileName, string>> = {
  conservative: 'nested labs and slow hosts, where pings of a second are normal',
  balanced: 'most clusters; the reference numbers',
  fast: 'a healthy storage network of 10 GbE and up, where quick detection is wanted',
};

const SCVMS = `scvms:
  - name: scvm1
    local: true
    data_ip: 10.10.85.15
    manage_ip: 192.168.85.15
  - name: scvm2
    data_ip: 10.10.85.16
    manage_ip: 192.168.85.16
  - name: scvm3
    data_ip: 10.10.85.17
    manage_ip: 192.168.85.17`;

/** The YAML text of the example; it passes parseConfig on a host that has a name. */
export function configTemplate(profile: ProfileName): string {
  const blocks = [
    header(profile),
    ...Object.keys(keysOf('')).map((key) => {
      if (key === 'scvms') return scvmsBlock();
      return SECTIONS.includes(key) ? sectionBlock(profile, key) : topKey(profile, key);
    }),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function header(profile: ProfileName): string {
  return comment(
    [
      `Reroute configuration, profile ${profile}: for ${SUITS[profile]}.`,
      'Change the SCVMs to your own; everything else may stay as it is. A line such as #key: value ' +
        'shows a default: remove the # to change it.',
      'Durations carry their unit (ms, s, m, h), sizes theirs (k, m, g). Unknown keys are errors. ' +
        'Check with: reroute check FILE',
    ],
    '',
  );
}

function topKey(profile: ProfileName, key: string): string {
  const written = writtenDefault(profile, '', key) ?? 'host1';
  const line = key === 'profile' ? `profile: ${profile}` : `#${key}: ${written}`;
  const shown = key === 'profile' ? 'balanced' : (writtenDefault(profile, '', key) ?? '');
  return `${comment(docLines('', key, shown), '')}\n${line}`;
}

function sectionBlock(profile: ProfileName, section: string): string {
  const keys = Object.keys(keysOf(section)).map((key) => {
    const written = writtenDefault(profile, section, key) ?? '';
    return `${comment(docLines(section, key, written), '  ')}\n  #${key}: ${written}`;
  });
  return `${section}:\n${keys.join('\n')}`;
}

function scvmsBlock(): string {
  const keys = Object.keys(keysOf('scvms')).flatMap((key) => {
    const [means, rest] = docLines('scvms', key, '');
    return [`${key}: ${means} (${rest})`];
  });
  const intro =
    'The SCVMs of the cluster, 1 to 200 of them, exactly one of them local. Keys of each:';
  return `${comment([intro, ...keys], '')}\n${SCVMS}`;
}

/** Meaning, then type, range and default. */
function docLines(section: string, key: string, written: string): readonly [string, string] {
  const doc = docOf(section, key);
  const byDefault = written === '' ? '' : `; default ${written}`;
  return [doc?.means ?? '', `${doc?.type}: ${doc?.range}${byDefault}`];
}

function docOf(section: string, key: string): KeyDoc | undefined {
  const schema = Object.entries(keysOf(section)).find(([known]) => known === key)?.[1];
  return schema === undefined ? undefined : keyDocs.get(schema);
}

/** Each text as a comment of its own, broken between words. */
function comment(texts: readonly string[], indent: string): string {
  return texts.flatMap((text) => wrap(text).map((line) => `${indent}# ${line}`)).join('\n');
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH - 4) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
