import { ago } from "../format";

/** The fault of a request, as text that a person can act on. */
export class Failure extends Error {
    constructor(
        /** The status of the answer; 0 where there was none. */
        readonly status: number,
        /** The problem's short name. */
        readonly code: string,
        readonly detail: string,
        readonly requestId: string | null = null,
    ) {
        super(detail);
    }

    /** Whether the server does not have this part at all, as opposed to failing at it. */
    get isNotHere(): boolean {
        return this.status === 501 || this.status === 405 || (this.status === 404 && this.code === "not_found");
    }

    /** Whether the same request may succeed a little later. */
    get isPassing(): boolean {
        return this.status === 0 || this.status >= 502 || this.status === 429;
    }

    get isSignIn(): boolean {
        return this.status === 401;
    }
}

const sentences: Record<number, string> = {
    0: "The server cannot be reached.",
    403: "Your key does not allow this. An administrator gives out roles.",
    500: "The server failed to answer.",
};

/** A failure for an answer that is no success, from its problem details (RFC 9457) where it has them. */
export function failureOf(status: number, body: unknown): Failure {
    const problem = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    const text = (name: string) => (typeof problem[name] === "string" ? (problem[name] as string) : null);
    const faults = Array.isArray(problem["errors"]) ? (problem["errors"] as Record<string, unknown>[]) : [];
    const first = faults.map((fault) => fault["detail"]).find((detail) => typeof detail === "string");
    const said = text("detail") ?? sentences[status] ?? `The server answered with status ${status}.`;
    const faster = text("changed_by");
    const detail = faster === null ? said : `${faster} was faster, ${ago(text("changed_at"), Date.now())}. ${said}`;
    return new Failure(
        status, text("code") ?? "unknown", first === undefined ? detail : `${detail} ${first as string}`,
        text("request_id"));
}

/** The fault of something that was to be kept, and whether sending it again helps. */
export function writeFault(error: unknown): { text: string; isPassing: boolean } {
    if (!(error instanceof Failure)) return { text: "That did not work.", isPassing: true };
    const advice = error.isPassing
        ? " It is kept here: send it again. Where it did arrive, it does not count twice." : "";
    return { text: error.detail + advice, isPassing: error.isPassing };
}

export const unreachable = () => new Failure(0, "unreachable", sentences[0]!);
export const tooSlow = () => new Failure(0, "too_slow", "The server took too long to answer.");
export const unreadable = (status: number) =>
    new Failure(status, "unreadable", "The server sent something that is no answer of the API.");
