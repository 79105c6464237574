import { base } from "../routing/base";
import { session } from "../state/session";
import { Store } from "../state/store";
import { FrameBatcher } from "./FrameBatcher";
import { LinkState, Listener, LiveSocket, SocketOptions } from "./LiveSocket";
import { RateMeter, Ring } from "./figures";
import type { Update } from "./frames";
import { publishNote } from "./notes";

export interface Figures {
    rate: number;
    series: number[];
    median: number | null;
    p99: number | null;
    total: number;
    /** Scores above the threshold. */
    alerts: number;
    /** Customers that became at risk. */
    cases: number;
    /** The number of updates that the feed reports as left out. */
    missed: number;
    /** The number of times that the connection was lost. */
    cuts: number;
}

const none: Figures = { rate: 0, series: [], median: null, p99: null, total: 0, alerts: 0, cases: 0, missed: 0,
    cuts: 0 };

/** The state of the connection. */
export const link = new Store<LinkState>({ phase: "connecting", attempt: 0 });
/** The measurements since the page was opened, renewed once a second. */
export const figures = new Store<Figures>(none);
/** Counts up whenever something is missing that only REST can supply. */
export const holes = new Store(0);

/** Hears of updates, and of how many were left out in front of them because too many came at once. */
export type Watcher = (batch: Update[], leftOut: number) => void;
const watchers = new Set<Watcher>();
const meter = new RateMeter(Date.now());
const latencies = new Ring(1_000);
const counted = { total: 0, alerts: 0, cases: 0, missed: 0, cuts: 0 };

const batcher = new FrameBatcher<Update>(
    (batch, leftOut) => watchers.forEach((watcher) => watcher(batch, leftOut)),
    (work) => void requestAnimationFrame(work), 500);

/** Hears of updates once an animation frame, in the order in which they came. */
export function watchUpdates(watcher: Watcher): () => void {
    watchers.add(watcher);
    return () => {
        watchers.delete(watcher);
    };
}

function count(update: Update): void {
    counted.total += 1;
    if (update.isAlert) counted.alerts += 1;
    if (update.payload.became_at_risk === true) counted.cases += 1;
    meter.add(update.arrivedAt);
    if (update.happenedAt !== null) latencies.add(Math.max(0, update.arrivedAt - update.happenedAt));
    batcher.add(update);
}

const socketAddress = () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${base}/ws/updates`;

const newSocket = (query: string, listener: Omit<Listener, "refused">, options?: SocketOptions) => new LiveSocket(
    socketAddress() + query, () => session.get().token,
    { ...listener, refused: () => session.refuse(session.get().token !== null) }, {
        open: (url) => new WebSocket(url), now: () => Date.now(), random: Math.random,
        after: (milliseconds, work) => {
            const timer = setTimeout(work, milliseconds);
            return () => clearTimeout(timer);
        },
    }, options);

let whole: LiveSocket | null = null;

/** Opens a connection on which the server sends only what a query admits; it begins where the page's own is. */
export function openFiltered(query: string, listener: Omit<Listener, "refused">): LiveSocket {
    const socket = newSocket(query, listener, { cursor: whole?.position ?? null, isFiltered: true });
    socket.start();
    return socket;
}

/** Opens the page's own connection, which carries every update; it ends with the page. */
export function startFeed(): LiveSocket {
    const socket = newSocket("", {
        state: (state) => {
            if (state.phase === "waiting" && link.get().phase === "live") counted.cuts += 1;
            link.set(state);
        },
        update: count,
        noted: publishNote,
        missed: (missed) => {
            counted.missed += missed;
            holes.set(holes.get() + 1);
        },
    });
    whole = socket;
    setInterval(() => {
        const now = Date.now();
        figures.set({
            ...counted, rate: meter.rate(now), series: meter.series(now), median: latencies.quantile(0.5),
            p99: latencies.quantile(0.99),
        });
    }, 1_000);
    window.addEventListener("online", () => socket.retryNow());
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) socket.retryNow();
    });
    // A new credential starts again; so does having none any more.
    let token = session.get().token;
    session.subscribe(() => {
        const current = session.get();
        if (current.token === token) return;
        token = current.token;
        socket.stop();
        if (!current.isNeeded) socket.start();
    });
    socket.start();
    return socket;
}
