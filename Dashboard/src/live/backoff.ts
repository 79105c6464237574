/** Returns the wait before the n-th try: between half a second and a limit that doubles, at random (full jitter). */
export function backoff(attempt: number, random: () => number = Math.random): number {
    const limit = Math.min(30_000, 1_000 * 2 ** Math.max(0, attempt));
    return 500 + random() * Math.max(0, limit - 500);
}

export type CloseVerdict = "again" | "later" | "sign-in" | "never";

/** The action that a close code of the server asks of a client (Docs/websocket.md). */
export function verdictOf(code: number): CloseVerdict {
    switch (code) {
        case 4001: return "sign-in";
        case 4003: case 1002: case 1003: case 1007: case 1008: case 1009: return "never";
        case 4029: case 1013: return "later";
        default: return "again";
    }
}
