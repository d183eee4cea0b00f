/** Old files for the import tests: good ones, and bad ones with the problems they must cause. */

import { OLD_HOST_FILE, SHORTHAND } from './texts.ts';

export interface OldFile {
  readonly title: string;
  readonly text: string;
  readonly hostIndex: number;
}

export interface BadOldFile extends OldFile {
  /** [code, line] of every problem, in order. */
  readonly problems: readonly (readonly [string, number | null])[];
}

const old = (from: string, to: string) => OLD_HOST_FILE.replace(from, to);
const short = (from: string, to: string) => SHORTHAND.replace(from, to);

export const GOOD_OLD_FILES: readonly OldFile[] = [
  { title: 'the host file', text: OLD_HOST_FILE, hostIndex: 0 },
  { title: 'the host file with CRLF', text: OLD_HOST_FILE.replace(/\n/g, '\r\n'), hostIndex: 0 },
  {
    title: 'the host file with a remote zone',
    text: old('zone_scvm_data_ip=', 'zone_scvm_data_ip=10.0.86.24').replace(
      'zone_scvm_manage_ip=',
      'zone_scvm_manage_ip=192.168.86.24',
    ),
    hostIndex: 0,
  },
  { title: 'the shorthand, host 0', text: SHORTHAND, hostIndex: 0 },
  { title: 'the shorthand, host 2', text: SHORTHAND, hostIndex: 2 },
  { title: 'a shorthand with hosts:', text: short('exsi', 'hosts:'), hostIndex: 1 },
];

export const BAD_OLD_FILES: readonly BadOldFile[] = [
  {
    title: 'an unknown format',
    text: 'nfs_ip: 192.168.33.2\n',
    hostIndex: 0,
    problems: [['CFG_IMPORT_FORMAT', 1]],
  },
  {
    title: 'a value that was never found out',
    text: old('10.0.85.21\n', 'None\n'),
    hostIndex: 0,
    problems: [['CFG_IMPORT_UNKNOWN', 1]],
  },
  {
    title: 'None in a list',
    text: old('192.168.85.22', 'None'),
    hostIndex: 0,
    problems: [['CFG_IMPORT_UNKNOWN', 4]],
  },
  {
    title: 'many faults',
    text: `${old('10.0.85.22', '10.0.85.222.1').replace('local_scvm_nfs_ip', 'local_scvm_nsf_ip')}what\nlocal_scvm_data_ip=10.0.85.21\n`,
    hostIndex: 0,
    problems: [
      ['CFG_IP', 2],
      ['CFG_IMPORT_KEY', 6],
      ['CFG_IMPORT_LINE', 9],
      ['CFG_IMPORT_KEY', 10],
    ],
  },
  {
    title: 'no local address',
    text: old('local_scvm_data_ip=10.0.85.21', 'local_scvm_data_ip='),
    hostIndex: 0,
    problems: [['CFG_MISSING', null]],
  },
  {
    title: 'lists of different lengths',
    text: old('192.168.85.23,', ''),
    hostIndex: 0,
    problems: [['CFG_IMPORT_COUNT', null]],
  },
  {
    title: 'an address twice in a list, and a list where one address belongs',
    text: old('10.0.85.22', '10.0.85.23').replace('10.0.85.121', '10.0.85.121,10.0.85.122'),
    hostIndex: 0,
    problems: [
      ['CFG_DUPLICATE_IP', 2],
      ['CFG_IMPORT_LINE', 5],
    ],
  },
  {
    title: 'the local SCVM in the remote zone',
    text: old('zone_scvm_data_ip=', 'zone_scvm_data_ip=10.0.85.21'),
    hostIndex: 0,
    problems: [['CFG_IMPORT_LINE', null]],
  },
  {
    title: 'an access IP that is a data IP',
    text: old('10.0.85.121', '10.0.85.22'),
    hostIndex: 0,
    problems: [['CFG_DUPLICATE_IP', null]],
  },
  {
    title: 'a shorthand with bad words',
    text: 'exsi\n192.168.85.11 12 300 None\nnode\nscvm\n15 16\n192.168.85.12\n',
    hostIndex: 0,
    problems: [
      ['CFG_IP', 2],
      ['CFG_IMPORT_UNKNOWN', 2],
      ['CFG_IMPORT_LINE', 3],
      ['CFG_IP', 5],
      ['CFG_IP', 5],
      ['CFG_DUPLICATE_IP', 6],
    ],
  },
  {
    title: 'a shorthand without addresses',
    text: 'exsi\nscvm\n',
    hostIndex: 0,
    problems: [['CFG_IMPORT_NETWORK', null]],
  },
  {
    title: 'a shorthand without a storage line',
    text: short('10.10.85.15 16 17\n', ''),
    hostIndex: 0,
    problems: [['CFG_IMPORT_NETWORK', null]],
  },
  {
    title: 'a shorthand with a missing address',
    text: short('10.10.85.15 16 17', '10.10.85.15 16'),
    hostIndex: 0,
    problems: [['CFG_IMPORT_COUNT', null]],
  },
  {
    title: 'a host that does not exist',
    text: SHORTHAND,
    hostIndex: 3,
    problems: [['CFG_IMPORT_HOST', null]],
  },
  {
    title: 'a host without an SCVM',
    text: short('11 12 13', '11 12 13 14'),
    hostIndex: 3,
    problems: [['CFG_IMPORT_HOST', null]],
  },
];
