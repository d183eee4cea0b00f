/**
 * Reads what Node throws: the errno name and one line of text. Every file of src/io that asks the
 * kernel needs both, and `catch` gives `unknown`.
 */

/** The errno name (`ENOENT`) of a system error; '' for anything else. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** One line: the error's message, at most 300 characters. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
