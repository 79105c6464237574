/** Gathers what comes between two animation frames and hands it over once, before the page is drawn. */
export class FrameBatcher<T> {
    private waiting: T[] = [];
    private isAsked = false;

    constructor(
        private readonly deliver: (batch: T[]) => void,
        private readonly nextFrame: (work: () => void) => void,
        /** Of more than this only the newest are handed over; the others are counted all the same. */
        private readonly most: number,
    ) {}

    add(value: T): void {
        this.waiting.push(value);
        // A hidden page draws no frames: what it would show is bounded too.
        if (this.waiting.length > this.most * 2) this.waiting.splice(0, this.waiting.length - this.most);
        if (this.isAsked) return;
        this.isAsked = true;
        this.nextFrame(() => {
            this.isAsked = false;
            const batch = this.waiting;
            this.waiting = [];
            this.deliver(batch.length > this.most ? batch.slice(-this.most) : batch);
        });
    }
}
