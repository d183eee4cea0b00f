/**
 * Appoints the meta leader: the supervisor's stand-in for the cluster's consensus. One leader at a
 * time; when it can no longer lead (power or storage cable gone) another stands after `electionMs`.
 * A simplification: no majority is asked for, so the lab's storage survives to its last SCVM.
 */

export interface Consensus {
  /** The leader's name; null: nobody leads now. */
  leader(): string | null;
  /** Looks again at who can lead; call it whenever power or cables changed. */
  recheck(): void;
  /** Nobody leads for this long, then somebody else does if anybody else can. */
  away(forMs: number): void;
  /** Gives up a running `away`: elects now. */
  elect(): void;
  close(): void;
}

export interface ConsensusOptions {
  readonly scvms: readonly string[];
  readonly electionMs: number;
  canLead(scvm: string): boolean;
  announce(leader: string | null): void;
}

export function createConsensus(options: ConsensusOptions): Consensus {
  const { scvms, electionMs, canLead, announce } = options;
  let leader: string | null = null;
  let last: string | null = null;
  let election: NodeJS.Timeout | null = null;

  const set = (next: string | null) => {
    if (next === leader) return;
    leader = next;
    if (next !== null) last = next;
    announce(next);
  };
  const elect = () => {
    if (election !== null) clearTimeout(election);
    election = null;
    const able = scvms.filter(canLead);
    set(able.find((scvm) => scvm !== last) ?? able[0] ?? null);
  };
  const electIn = (ms: number) => {
    if (election !== null) clearTimeout(election);
    election = setTimeout(elect, ms);
  };

  return {
    leader: () => leader,
    recheck() {
      if (leader === null && last === null) elect();
      else if (election === null && (leader === null || !canLead(leader))) electIn(electionMs);
    },
    away(forMs) {
      set(null);
      electIn(forMs);
    },
    elect,
    close() {
      if (election !== null) clearTimeout(election);
    },
  };
}
