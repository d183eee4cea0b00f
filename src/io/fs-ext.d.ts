/** Types of the part of fs-ext that src/io/lock.ts uses; the package ships none. */
declare module 'fs-ext' {
  /** flock(2). Throws an Error with `code` EAGAIN/EWOULDBLOCK when another holds it (`…nb`). */
  export function flockSync(fd: number, flags: 'sh' | 'ex' | 'shnb' | 'exnb' | 'un'): void;
  /** fcntl(2) with an integer argument; returns what the call returned. */
  export function fcntlSync(fd: number, command: 'getfd' | 'setfd', arg?: number): number;
  export const constants: { readonly FD_CLOEXEC: number };
}
