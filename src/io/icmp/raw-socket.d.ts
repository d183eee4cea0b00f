/**
 * The part of raw-socket 1.8.1 that socket.ts uses. The package ships no types, and `wrap` is its
 * native object: undocumented, hence the exact version in package.json.
 */
declare module 'raw-socket' {
  import type { EventEmitter } from 'node:events';

  /** Native object. Every call is one system call and throws an Error with the strerror text. */
  interface SocketWrap extends EventEmitter {
    /** sendto(2). Checks neither offset nor length against the buffer. */
    send(
      buffer: Buffer,
      offset: number,
      length: number,
      address: string,
      sent: (bytes: number) => void,
    ): void;
    /** recvfrom(2), non-blocking. */
    recv(buffer: Buffer, got: (buffer: Buffer, bytes: number, source: string) => void): void;
  }

  interface Socket extends EventEmitter {
    readonly wrap: SocketWrap;
    setOption(level: number, option: number, value: number): void;
    close(): this;
  }

  export function createSocket(options: { protocol: number; bufferSize?: number }): Socket;
}
