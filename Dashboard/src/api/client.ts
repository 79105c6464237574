import { base } from "../routing/base";
import { customerPlace } from "../routing/route";
import { session } from "../state/session";
import { Failure, failureOf, tooSlow, unreachable, unreadable } from "./failure";

const patience = 15_000;

export type Query = Record<string, string | number | readonly string[] | null | undefined>;

/** A path with its query; absent and empty values are left out. */
export function address(path: string, query: Query = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        for (const one of Array.isArray(value) ? value : [value]) {
            if (one !== null && one !== undefined && one !== "") parameters.append(name, String(one));
        }
    }
    const text = parameters.toString();
    return text === "" ? path : `${path}?${text}`;
}

export const customerPath = (id: string) => customerPlace("/api/customer", id);

/** The address of a part, such as `/timeline?limit=200`, of what another address names. */
export function below(whole: string, part: string): string {
    const [path = "", query] = whole.split("?", 2);
    return path + part + (query === undefined ? "" : (part.includes("?") ? "&" : "?") + query);
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>("GET", path, undefined, signal);
export const post = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
    ask<T>("POST", path, body, signal);

/** A key for one write, however often it is sent. */
export const newKey = (): string =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function ask<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    const response = await send(method, path, body, signal);
    let answer: unknown;
    try {
        answer = await response.json();
    } catch (error) {
        if (signal?.aborted) throw error;
        throw response.ok ? unreadable(response.status) : failureOf(response.status, null);
    }
    if (!response.ok) throw refused(failureOf(response.status, answer));
    return answer as T;
}

/** Fetches a file with the credential that a plain link would not carry. */
export async function download(path: string): Promise<Blob> {
    const response = await send("GET", path, undefined);
    if (!response.ok) throw refused(failureOf(response.status, await response.json().catch(() => null)));
    return response.blob();
}

function refused(failure: Failure): Failure {
    if (failure.isSignIn) session.refuse(failure.code === "credential_refused");
    return failure;
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const stop = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
        isLate = true;
        stop.abort();
    }, patience);
    const pass = () => stop.abort();
    signal?.addEventListener("abort", pass);
    if (signal?.aborted) stop.abort();
    const headers: Record<string, string> = { Accept: "application/json" };
    const token = session.get().token;
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const request: RequestInit = { method, headers, signal: stop.signal, credentials: "omit", cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
        return await fetch(base + path, request);
    } catch (error) {
        if (isLate) throw tooSlow();
        if (signal?.aborted) throw error;
        throw unreachable();
    } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", pass);
    }
}
