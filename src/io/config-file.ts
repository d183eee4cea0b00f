/**
 * Reads the configuration's text from disk; what it means is src/config's business. Bounded in
 * size and type, so that a wrong path given to `reload` can neither fill memory nor hang on a
 * FIFO. Links are followed: configuration management tools make them.
 */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, errorText } from './errno.ts';

export type ConfigText = { ok: true; text: string } | { ok: false; problem: string };

/** A configuration of 200 SCVMs has about 40 kB. */
export const CONFIG_MAX_BYTES = 1024 * 1024;

/** Never throws. `problem` is one line that says what to do. */
export async function readConfigFile(file: string): Promise<ConfigText> {
  let handle: FileHandle | null = null;
  try {
    // NONBLOCK: opening a FIFO without a writer would wait for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = await handle.stat();
    if (!about.isFile()) return wrong(file, 'is not a regular file; name the YAML file itself');
    // One byte more than allowed: a file that grows while it is read is noticed too.
    const bytes = Buffer.alloc(Math.min(about.size, CONFIG_MAX_BYTES) + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > CONFIG_MAX_BYTES) {
      return wrong(file, 'is larger than 1 MiB; this is not a configuration');
    }
    // A cut YAML file may still parse, with half of the SCVMs.
    if (length !== about.size) return wrong(file, 'changed while it was read; try again');
    return { ok: true, text: decode(bytes.subarray(0, length)) };
  } catch (error) {
    return wrong(file, remedy(file, error));
  } finally {
    await handle?.close();
  }
}

/** UTF-8, strictly; a byte order mark is taken off. */
const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const wrong = (file: string, text: string): ConfigText => ({
  ok: false,
  problem: `configuration ${file}: ${text}`,
});

function remedy(file: string, error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return `does not exist; write one, or make one from the old tool's file with "reroute import OLD_FILE > ${file}"`;
    case 'EACCES':
    case 'EPERM':
      return 'may not be read; run as root or change its rights';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'is not UTF-8 text; save it as UTF-8';
    default:
      return errorText(error);
  }
}
