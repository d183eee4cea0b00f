/** Text into XML 1.0: content and attribute values alike (section 2.4). */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 does not allow at all (section 2.2) become U+FFFD. */
export function escapeXml(text: string): string {
  const allowed = [...text].map((c) => (isAllowed(c.codePointAt(0) ?? 0) ? c : '\uFFFD')).join('');
  return allowed.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
}

const isAllowed = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 32 && code !== 0xfffe && code !== 0xffff);
