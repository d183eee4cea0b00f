/** The part of fs-ext that socket.ts uses; the package ships no types. */
declare module 'fs-ext' {
  /** fcntl(2) on an open descriptor; throws an errno error. `setfd` takes FD_CLOEXEC (1). */
  export function fcntlSync(fd: number, command: 'getfd' | 'setfd', argument?: number): number;
}
