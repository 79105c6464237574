import { useEffect } from "react";
import { get } from "../api/client";
import type { Me } from "../api/types";
import { session } from "./session";
import { Store, useStore } from "./store";

/** The signed-in user; null until the server has said it, and where it does not. */
const me = new Store<Me | null>(null);

/** Asks once for each credential who is signed in. */
export function useMe(): Me | null {
    const { token } = useStore(session);
    useEffect(() => {
        const stop = new AbortController();
        me.set(null);
        get<Me>("/api/me", stop.signal).then((found) => me.set(found), () => undefined);
        return () => stop.abort();
    }, [token]);
    return useStore(me);
}

/** Whether to offer actions. As long as the server has not said otherwise they are offered, and it may refuse them. */
export const useMayWork = (): boolean => useStore(me)?.may_work !== false;
