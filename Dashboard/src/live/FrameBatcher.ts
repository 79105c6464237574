/** Gathers what comes between two animation frames and hands it over once, before the page is drawn. */
export class FrameBatcher<T> {
    private waiting: T[] = [];
    private leftOut = 0;
    private isAsked = false;

    constructor(
        private readonly deliver: (batch: T[], leftOut: number) => void,
        private readonly nextFrame: (work: () => void) => void,
        /** Of more than this only the newest are handed over, with the number of the others. */
        private readonly most: number,
    ) {}

    add(value: T): void {
        this.waiting.push(value);
        // A hidden page draws no frames: what it would show is bounded too.
        if (this.waiting.length > this.most * 2) this.cut();
        if (this.isAsked) return;
        this.isAsked = true;
        this.nextFrame(() => {
            this.isAsked = false;
            this.cut();
            const [batch, leftOut] = [this.waiting, this.leftOut];
            this.waiting = [];
            this.leftOut = 0;
            this.deliver(batch, leftOut);
        });
    }

    private cut(): void {
        this.leftOut += this.waiting.splice(0, Math.max(0, this.waiting.length - this.most)).length;
    }
}
