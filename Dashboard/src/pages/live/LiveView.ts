import type { LinkState } from "../../live/LiveSocket";
import { openFiltered, watchUpdates } from "../../live/feed";
import type { Update } from "../../live/frames";
import { Store } from "../../state/store";
import { BufferState, RowBuffer } from "./RowBuffer";
import { Row, RowFilter, admits, queryOf, rowOfUpdate } from "./rows";

/** Rows are drawn this often at most, less often where many come at once: a person reads no faster. */
const drawEvery = 250;
const drawManyEvery = 500;
const many = 50;

export interface ViewState extends BufferState {
    /** Whether the user stopped the feed; it stays so on other pages. */
    isPaused: boolean;
    /** Whether the rows stay because the user points at them. */
    isHeld: boolean;
    /** The connection of a filtered feed; null without a filter, when the page's own serves. */
    link: LinkState | null;
    /** Counts up whenever something is missing that only the history can supply. */
    holes: number;
}

/**
 * The live page's rows. It outlives the page while the feed is paused, so that what was looked at is still there, and
 * what came meanwhile is counted. Where there is a filter, the server applies it: the newest hundred rows are then
 * those of the filter, however many others there are.
 */
export class LiveView extends Store<ViewState> {
    private buffer = new RowBuffer();
    private filter: RowFilter = { bands: [], eventType: "", alertsOnly: false };
    private segmentField: string | null = null;
    private end: (() => void) | null = null;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private lastDrawn = 0;
    private lastCount = 0;

    constructor() {
        super({ rows: [], waiting: 0, dropped: 0, isPaused: false, isHeld: false, link: null, holes: 0 });
    }

    /** The time at which rows last moved, by `performance.now()`. */
    get movedAt(): number {
        return this.lastDrawn;
    }

    /** The filter that the rows have. */
    get shownFilter(): RowFilter {
        return this.filter;
    }

    /** Shows what a filter admits; goes on where it already does. */
    open(filter: RowFilter, segmentField: string | null): void {
        this.segmentField = segmentField;
        if (this.end !== null && queryOf(filter) === queryOf(this.filter)) return this.publish({});
        this.end?.();
        const known = this.get().rows.filter((row) => admits(filter, row));
        this.filter = filter;
        this.buffer = new RowBuffer(known);
        this.end = this.listen(queryOf(filter));
        this.publish({ link: null });
    }

    /** The page is left: a paused view goes on, another ends. */
    leave(): void {
        this.update({ isHeld: false });
        if (this.get().isPaused) return;
        this.end?.();
        this.end = null;
        clearTimeout(this.timer);
        this.timer = undefined;
    }

    pause(isPaused: boolean): void {
        this.update({ isPaused });
        this.soon();
    }

    hold(isHeld: boolean): void {
        if (this.get().isHeld === isHeld) return;
        this.update({ isHeld });
        this.soon();
    }

    /** Takes in rows of the history. */
    fill(rows: Row[]): void {
        const { isPaused, isHeld, rows: shown } = this.get();
        // Rows that someone looks at or points at stay where they are.
        if ((isPaused || isHeld) && shown.length > 0) return;
        this.buffer.fill(rows.filter((row) => admits(this.filter, row)));
        this.publish({});
    }

    private listen(query: string): () => void {
        if (query === "") {
            return watchUpdates((batch, leftOut) => {
                this.buffer.leaveOut(leftOut);
                for (const update of batch) this.add(update);
            });
        }
        let isOpen = true;
        const socket = openFiltered(query, {
            state: (link) => { if (isOpen) this.update({ link }); },
            update: (update) => this.add(update),
            missed: (count) => {
                this.buffer.leaveOut(count);
                this.publish({ holes: this.get().holes + 1 });
            },
        });
        return () => {
            isOpen = false;
            socket.stop();
        };
    }

    private add(update: Update): void {
        this.buffer.add(rowOfUpdate(update, this.segmentField));
        this.soon();
    }

    private soon(): void {
        if (this.timer !== undefined) return;
        const wait = this.lastDrawn + (this.lastCount > many ? drawManyEvery : drawEvery) - performance.now();
        if (wait <= 0) this.draw();
        else this.timer = setTimeout(() => this.draw(), wait);
    }

    private draw(): void {
        this.timer = undefined;
        const { isPaused, isHeld } = this.get();
        this.lastCount = this.buffer.waiting;
        if (!isPaused && !isHeld && this.buffer.waiting > 0) {
            this.buffer.take();
            this.lastDrawn = performance.now();
        }
        this.publish({});
    }

    private publish(more: Partial<ViewState>): void {
        this.update({ ...this.buffer.state, ...more });
    }
}

export const liveView = new LiveView();
