/** The last values of a series, at a fixed cost. */
export class Ring {
    private readonly values: Float64Array;
    private next = 0;
    private filled = 0;

    constructor(size: number) {
        this.values = new Float64Array(size);
    }

    add(value: number): void {
        this.values[this.next] = value;
        this.next = (this.next + 1) % this.values.length;
        this.filled = Math.min(this.values.length, this.filled + 1);
    }

    /** The share `at` of the values lies at or below the result; null without values. */
    quantile(at: number): number | null {
        if (this.filled === 0) return null;
        const sorted = this.values.slice(0, this.filled).sort();
        return sorted[Math.min(this.filled - 1, Math.floor(at * this.filled))]!;
    }

    clear(): void {
        this.next = 0;
        this.filled = 0;
    }
}

/** Events a second, measured: how many came in each of the last whole seconds. */
export class RateMeter {
    private readonly counts: number[];
    private second: number;

    constructor(now: number, private readonly seconds = 60) {
        this.counts = new Array<number>(seconds).fill(0);
        this.second = Math.floor(now / 1000);
    }

    add(now: number): void {
        this.advance(now);
        this.counts[this.counts.length - 1]! += 1;
    }

    /** The counts of whole seconds, oldest first, without the one that is running. */
    series(now: number): number[] {
        this.advance(now);
        return this.counts.slice(0, -1);
    }

    /** The mean over the last whole seconds. */
    rate(now: number, over = 5): number {
        const last = this.series(now).slice(-over);
        return last.length === 0 ? 0 : last.reduce((sum, count) => sum + count, 0) / last.length;
    }

    private advance(now: number): void {
        const steps = Math.min(Math.floor(now / 1000) - this.second, this.seconds);
        for (let step = 0; step < steps; step += 1) {
            this.counts.shift();
            this.counts.push(0);
        }
        this.second = Math.max(this.second, Math.floor(now / 1000));
    }
}
