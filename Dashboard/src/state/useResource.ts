import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api/client";
import { Failure, unreadable } from "../api/failure";
import { session } from "./session";
import { useStore } from "./store";

export interface Resource<T> {
    data: T | null;
    failure: Failure | null;
    isLoading: boolean;
    /** The time at which `data` came, by this machine's clock. */
    at: number | null;
    reload: () => void;
}

interface Held<T> {
    path: string | null;
    data: T | null;
    failure: Failure | null;
    isLoading: boolean;
    at: number | null;
}

/** The last answers of a page, so that going back shows something at once. */
const remembered = new Map<string, { data: unknown; at: number }>();
const most = 40;

function remember(path: string, data: unknown): void {
    remembered.delete(path);
    remembered.set(path, { data, at: Date.now() });
    const oldest = remembered.keys().next().value;
    if (remembered.size > most && oldest !== undefined) remembered.delete(oldest);
}

// Another person may sign in on the same page.
session.subscribe(() => remembered.clear());

/** Reads a path of the API, again whenever it changes or `reload` is called; null reads nothing. */
export function useResource<T>(path: string | null): Resource<T> {
    const { token } = useStore(session);
    const [held, setHeld] = useState<Held<T>>(() => initial<T>(path));
    const [turn, setTurn] = useState(0);
    const retries = useRef(0);

    useEffect(() => {
        if (path === null) return;
        const stop = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        setHeld((old) => (old.path === path ? { ...old, isLoading: true } : initial<T>(path)));
        get<T>(path, stop.signal).then(
            (data) => {
                if (stop.signal.aborted) return;
                retries.current = 0;
                remember(path, data);
                setHeld({ path, data, failure: null, isLoading: false, at: Date.now() });
            },
            (error: unknown) => {
                if (stop.signal.aborted) return;
                const failure = error instanceof Failure ? error : unreadable(0);
                setHeld((old) => ({ ...old, path, failure, isLoading: false }));
                // What passes by itself is tried again, ever less often.
                if (failure.isPassing) {
                    retries.current += 1;
                    timer = setTimeout(() => setTurn((n) => n + 1), Math.min(30_000, 1_000 * 2 ** retries.current));
                }
            });
        return () => {
            stop.abort();
            clearTimeout(timer);
        };
    }, [path, turn, token]);

    const reload = useCallback(() => setTurn((n) => n + 1), []);
    const current = held.path === path ? held : initial<T>(path);
    return { data: current.data, failure: current.failure, isLoading: current.isLoading, at: current.at, reload };
}

function initial<T>(path: string | null): Held<T> {
    const known = path === null ? undefined : remembered.get(path);
    return {
        path, data: (known?.data as T | undefined) ?? null, failure: null, isLoading: path !== null,
        at: known?.at ?? null,
    };
}
