/** `reroute diagram`: the chart as a picture, as text for other tools, or compared with another. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHART_FOLDER, committedFiles, readmeWithChart } from '../diagram/committed.ts';
import { compare } from '../diagram/diff.ts';
import { exampleSettings } from '../diagram/example.ts';
import { childrenOf, type Graph, onlyRegion } from '../diagram/graph.ts';
import { readGraph } from '../diagram/read.ts';
import {
  DIFF_FORMATS,
  FORMATS,
  type Format,
  type Rendered,
  render,
  renderDifference,
} from '../diagram/render.ts';
import { graphOf } from '../diagram/walk.ts';
import type { Settings } from '../machines/settings.ts';
import { loadConfig } from './load-config.ts';
import { DONE, FAILED, fail, print, WRONG_USAGE } from './output.ts';

export interface DiagramOptions {
  readonly format: string;
  readonly region: string;
  /** Whose values the delays show; absent: the shipped example's. */
  readonly config?: string;
  /** Absent: standard output. */
  readonly output?: string;
  /** JSON of another version, to compare with. */
  readonly diff?: string;
  /** Rewrite the committed pictures in the current directory's docs instead. */
  readonly updateDocs?: boolean;
}

/** A chart's JSON is about 40 kB. */
const OLD_MAX_BYTES = 4 * 1024 * 1024;

export async function diagram(options: DiagramOptions): Promise<number> {
  if (options.updateDocs) return updateDocs();
  const format = FORMATS.find((known) => known === options.format);
  if (!format) {
    return fail(`no format ${options.format}; there are ${FORMATS.join(', ')}`, WRONG_USAGE);
  }
  const settings = await settingsOf(options.config);
  if (typeof settings === 'string') return fail(settings, WRONG_USAGE);
  const graph = graphOf(settings);
  const chosen = chooseRegion(graph, options.region);
  if (typeof chosen === 'string') return fail(chosen, WRONG_USAGE);
  if (options.diff === undefined)
    return write(await render(chosen, format, settings), format, options.output);
  return difference(chosen, format, options, options.diff);
}

async function settingsOf(file: string | undefined): Promise<Settings | string> {
  if (file === undefined) return exampleSettings();
  const loaded = await loadConfig(file);
  return loaded.ok ? loaded.config.settings : loaded.text;
}

function chooseRegion(graph: Graph, region: string): Graph | string {
  if (region === 'all') return graph;
  const names = childrenOf(graph, null).map((s) => s.id);
  return onlyRegion(graph, region) ?? `no region ${region}; there are all, ${names.join(', ')}`;
}

async function difference(
  graph: Graph,
  format: Format,
  options: DiagramOptions,
  file: string,
): Promise<number> {
  if (!DIFF_FORMATS.includes(format)) {
    const says = `--diff has no format ${format}; it has ${DIFF_FORMATS.join(', ')}`;
    return fail(says, WRONG_USAGE);
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return fail(`${file} cannot be read: ${said(error)}`, WRONG_USAGE);
  }
  if (text.length > OLD_MAX_BYTES) return fail(`${file} is too long for a chart`, WRONG_USAGE);
  const read = readGraph(text);
  if (!read.ok) return fail(`${file}: ${read.problem}`, WRONG_USAGE);
  const old =
    options.region === 'all'
      ? read.graph
      : (onlyRegion(read.graph, options.region) ?? { ...read.graph, states: [], transitions: [] });
  return write(await renderDifference(compare(old, graph), format), format, options.output);
}

async function write(rendered: Rendered, format: Format, output?: string): Promise<number> {
  if (!rendered.ok) return fail(rendered.problem, FAILED);
  if (output === undefined) {
    if (format === 'png' && process.stdout.isTTY) {
      return fail('a PNG is not for a terminal; give --output FILE', WRONG_USAGE);
    }
    process.stdout.write(rendered.content);
    return DONE;
  }
  try {
    await writeFile(output, rendered.content);
    return DONE;
  } catch (error) {
    return fail(`${output} cannot be written: ${said(error)}`, FAILED);
  }
}

/** For the project's own clone: pictures into docs/chart, and the README's part if it has one. */
async function updateDocs(): Promise<number> {
  try {
    await mkdir(CHART_FOLDER, { recursive: true });
    for (const { name, content } of await committedFiles()) {
      await writeFile(join(CHART_FOLDER, name), content);
      print(join(CHART_FOLDER, name));
    }
    const readme = await readFile('README.md', 'utf8').catch(() => '');
    const renewed = readmeWithChart(readme);
    if (renewed === null) print('README.md has no <!-- chart --> part: left as it is');
    else await writeFile('README.md', renewed);
    return DONE;
  } catch (error) {
    return fail(`the pictures cannot be written: ${said(error)}`, FAILED);
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
