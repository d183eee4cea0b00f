import type { Settings } from '../machines/settings.ts';
import type { Law } from './trace.ts';

export const allLaws = (_settings: Settings): Law[] => [];
