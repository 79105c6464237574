import { Row, joined, most } from "./rows";

export interface BufferState {
    /** The rows in view, newest first. */
    rows: Row[];
    /** The number of rows that came while the view was held. */
    waiting: number;
    /** The number of updates that were never in view, because more came than it has room for. */
    dropped: number;
}

/** The newest rows of one filter. Held, its rows stay where they are, and what comes waits and is counted. */
export class RowBuffer {
    private rows: Row[] = [];
    /** What came since the last look, oldest first; no more than have room. */
    private fresh: Row[] = [];
    private freshCount = 0;
    private dropped = 0;

    constructor(rows: Row[] = []) {
        this.rows = rows.slice(0, most);
    }

    /** The number of rows that came since the last look. */
    get waiting(): number {
        return this.freshCount;
    }

    /** Takes in a row that is newer than all others. */
    add(row: Row): void {
        this.fresh.push(row);
        this.freshCount += 1;
        if (this.fresh.length > 2 * most) this.fresh.splice(0, this.fresh.length - most);
    }

    /** Counts updates that were left out before they could become rows. */
    leaveOut(count: number): void {
        this.dropped += count;
    }

    /** Shows what waits. */
    take(): void {
        const newest = this.fresh.slice(-most).reverse();
        this.dropped += this.freshCount - newest.length;
        this.rows = joined(newest, this.rows);
        this.fresh = [];
        this.freshCount = 0;
    }

    /** Takes in rows of the past, wherever they belong. */
    fill(rows: Row[]): void {
        const all = [...this.rows, ...rows];
        this.rows = joined([], all.sort((a, b) => Number(b.id) - Number(a.id) || b.at - a.at));
    }

    get state(): BufferState {
        return { rows: this.rows, waiting: this.freshCount, dropped: this.dropped };
    }
}
