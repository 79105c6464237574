import { backoff, verdictOf } from "./backoff";
import { CaseNote, Frame, Update, readFrame } from "./frames";
import { Sequence } from "./sequence";

export type LinkState =
    | { phase: "connecting"; attempt: number }
    | { phase: "live"; since: number }
    | { phase: "waiting"; until: number; why: string }
    | { phase: "signed-out" }
    | { phase: "ended"; why: string };

/** The environment of a socket; tests bring their own. */
export interface Surroundings {
    open: (url: string) => WebSocket;
    now: () => number;
    random: () => number;
    after: (milliseconds: number, work: () => void) => () => void;
}

export interface Listener {
    state: (state: LinkState) => void;
    update: (update: Update) => void;
    /** Something is missing that the feed will not send again: read it by REST. */
    missed: (count: number) => void;
    /** A person did something about a case or a customer. */
    noted?: (note: CaseNote) => void;
    /** The server does not know the credential. */
    refused: () => void;
}

export interface SocketOptions {
    /** Where the feed begins; at now where it is not given. */
    cursor?: string | null;
    /** Whether the server leaves updates out, so that a number behind another is no hole. */
    isFiltered?: boolean;
}

const heartbeat = 15_000;
const patience = 10_000;

/** The live feed of one server: signs in, resumes by cursor, notices holes and dead connections, comes back. */
export class LiveSocket {
    private socket: WebSocket | null = null;
    private cursor: string | null;
    private readonly sequence = new Sequence();
    private attempt = 0;
    private isStopped = true;
    private isSignedIn = false;
    private cancelTimer: () => void = () => {};
    private cancelBeat: () => void = () => {};

    constructor(
        private readonly url: string, private readonly token: () => string | null,
        private readonly listener: Listener, private readonly around: Surroundings,
        private readonly options: SocketOptions = {},
    ) {
        this.cursor = options.cursor ?? null;
    }

    /** The place up to which the feed has come; null until the server has named one. */
    get position(): string | null {
        return this.cursor;
    }

    start(): void {
        if (!this.isStopped) return;
        this.isStopped = false;
        this.attempt = 0;
        this.connect();
    }

    stop(): void {
        this.isStopped = true;
        this.cancelTimer();
        this.drop();
    }

    /** Tries at once: the person asked for it, or the network is back. */
    retryNow(): void {
        if (this.isStopped || this.socket !== null) return;
        this.cancelTimer();
        this.connect();
    }

    private drop(): void {
        this.cancelBeat();
        const socket = this.socket;
        this.socket = null;
        socket?.close(1000);
    }

    private connect(): void {
        this.listener.state({ phase: "connecting", attempt: this.attempt });
        const socket = this.around.open(this.cursor === null ? this.url
            : `${this.url}${this.url.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(this.cursor)}`);
        let opened = false;
        this.socket = socket;
        this.isSignedIn = false;
        const isCurrent = () => this.socket === socket && !this.isStopped;
        this.cancelTimer = this.around.after(patience, () => {
            if (isCurrent() && !opened) this.lost(1006, opened);
        });
        socket.onopen = () => {
            if (!isCurrent()) return;
            opened = true;
            this.cancelTimer();
            const token = this.token();
            if (token !== null) this.send({ type: "authenticate", token });
        };
        socket.onmessage = (message) => {
            if (isCurrent() && typeof message.data === "string") this.receive(readFrame(message.data,
                this.around.now()));
        };
        socket.onclose = (event) => {
            if (isCurrent()) this.lost(event.code, opened);
        };
    }

    private send(command: object): void {
        this.socket?.send(JSON.stringify(command));
    }

    private receive(frame: Frame): void {
        // Any frame but these means that the server speaks to us: it says nothing before it knows who we are.
        if (!this.isSignedIn && frame.kind !== "error" && frame.kind !== "external" && frame.kind !== "unknown") {
            this.isSignedIn = true;
            this.attempt = 0;
            this.listener.state({ phase: "live", since: this.around.now() });
            this.beat();
        }
        switch (frame.kind) {
            case "update": return this.take(frame.update);
            case "cursor": this.cursor = frame.cursor; return;
            case "gap": return this.listener.missed(Math.max(1, frame.gap.to - frame.gap.from) || 1);
            case "skipped": return this.listener.missed(frame.count);
            case "pong": return this.beat();
            case "note": return this.listener.noted?.(frame.note);
            default: return;
        }
    }

    private take(update: Update): void {
        const { partition, number, previous } = update.payload;
        const place = this.sequence.take(partition, number, this.options.isFiltered ? undefined : previous);
        if (place === "repeated") return;
        if (place === "hole") this.listener.missed(1);
        this.listener.update(update);
    }

    /** Asks for a sign of life now and then; a connection that gives none is dead. */
    private beat(): void {
        this.cancelBeat();
        this.cancelBeat = this.around.after(heartbeat, () => {
            this.send({ type: "ping" });
            this.cancelBeat = this.around.after(patience, () => this.lost(1006, true));
        });
    }

    private lost(code: number, opened: boolean): void {
        this.cancelTimer();
        this.drop();
        // A cursor that the server refuses would be refused indefinitely: start at now, and say what that costs.
        if (!opened && this.cursor !== null && this.attempt >= 4) {
            this.cursor = null;
            this.sequence.clear();
            this.listener.missed(1);
        }
        const verdict = verdictOf(code);
        if (verdict === "sign-in") {
            this.listener.state({ phase: "signed-out" });
            return this.listener.refused();
        }
        if (verdict === "never") {
            const why = code === 4003
                ? "Your key does not allow the live feed." : `The server refused the connection (${code}).`;
            return this.listener.state({ phase: "ended", why });
        }
        const wait = backoff(verdict === "later" ? Math.max(3, this.attempt) : this.attempt, this.around.random);
        this.attempt += 1;
        const why = code === 1001 ? "The server is restarting" : code === 4029
            ? "Too many connections" : "Connection lost";
        this.listener.state({ phase: "waiting", until: this.around.now() + wait, why });
        this.cancelTimer = this.around.after(wait, () => {
            if (!this.isStopped) this.connect();
        });
    }
}
