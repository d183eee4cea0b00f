/**
 * Bounds on a YAML text, checked on its lexical tokens before anything recursive sees it. They
 * are no matter of taste: with 10000 opening braces the parser of the `yaml` package overflows
 * its stack, and when that happens inside a regular expression V8 ends the whole process, which
 * no `catch` can stop. Nesting is refused here well below that, and the number of tokens bounds
 * the time. 200 SCVMs need 6000 tokens and 3 levels.
 */

import { Lexer } from 'yaml';

export const TEXT_MAX_BYTES = 1024 * 1024;
const TOKENS_MAX = 100000;
const FLOW_DEPTH_MAX = 32;
/** Deepest indentation of block collections, and most `-`, `?` and `:` of them in one line. */
const INDENT_MAX = 64;
const INDICATORS_MAX = 16;

/** What the lexer puts before a plain, quoted or block text, so that it is not read as a sign. */
const TEXT_FOLLOWS = '\u001f';

/** Which bound a text exceeds, in words; null if none. */
export function exceededBound(text: string): string | null {
  const size = Buffer.byteLength(text);
  if (size > TEXT_MAX_BYTES) return `has ${size} bytes, at most ${TEXT_MAX_BYTES} are read`;
  let [tokens, flowDepth, indicators, indent] = [0, 0, 0, 0];
  let [isText, isLineStart] = [false, true];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > TOKENS_MAX) return `has more than ${TOKENS_MAX} words and signs`;
    if (isText) {
      isText = false;
    } else if (token === '\n' || token === '\r\n') {
      [indicators, indent, isLineStart] = [0, 0, true];
      continue;
    } else if (isLineStart && /^[ \t]+$/.test(token)) {
      indent = token.length;
      continue;
    } else if (token === TEXT_FOLLOWS) {
      isText = true;
    } else if (token === '[' || token === '{') {
      flowDepth += 1;
    } else if (token === ']' || token === '}') {
      flowDepth = Math.max(0, flowDepth - 1);
    } else if (flowDepth === 0 && ['-', '?', ':'].includes(token)) {
      indicators += 1;
    }
    isLineStart = false;
    const isIndented = indent > INDENT_MAX && flowDepth === 0 && !token.startsWith('#');
    if (isIndented || flowDepth > FLOW_DEPTH_MAX || indicators > INDICATORS_MAX) {
      return 'is nested too deeply';
    }
  }
  return null;
}
