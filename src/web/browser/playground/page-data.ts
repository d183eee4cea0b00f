/**
 * What the program that wrote this page gave it: the settings it begins with, those that a golden
 * dialogue begins with, and the chart as data. It stands in the page as JSON, written by the same
 * build, so it is believed.
 */

import type { Graph } from '../../../diagram/graph.ts';
import type { Settings } from '../../../machines/settings.ts';

export interface PageData {
  readonly base: Settings;
  readonly reference: Settings;
  readonly graph: Graph;
}

export function readPageData(): PageData {
  const text = document.getElementById('page-data')?.textContent;
  if (!text) throw new Error('this page has lost its data: write it again with reroute diagram');
  return JSON.parse(text) as PageData;
}
