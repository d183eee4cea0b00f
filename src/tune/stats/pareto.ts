/**
 * The Pareto front: points that no other point beats in one measure without losing in the other.
 * Less is better in both.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points on the front, by ascending x; of equal points the first. */
export function frontOf<P extends Point>(points: readonly P[]): P[] {
  const ordered = points
    .map((point, i) => ({ point, i }))
    .sort((a, b) => a.point.x - b.point.x || a.point.y - b.point.y || a.i - b.i);
  const front: P[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { point } of ordered) {
    if (point.y >= best) continue;
    best = point.y;
    front.push(point);
  }
  return front;
}
