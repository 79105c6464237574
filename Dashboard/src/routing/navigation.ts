import { useMemo, useSyncExternalStore } from "react";
import { base, withoutBase } from "./base";
import { content, placeNow, placeOf, returnTo } from "./place";
import { Route, routeOf } from "./route";

const listeners = new Set<() => void>();
const notify = () => listeners.forEach((listener) => listener());
const path = () => withoutBase(location.pathname);
const current = () => path() + location.search;

if (typeof window !== "undefined") {
    history.scrollRestoration = "manual";
    window.addEventListener("popstate", (event) => {
        notify();
        returnTo(placeOf(event.state));
    });
}

/** Goes to an address of this site; `replace` for changes that "back" should not step through. */
export function navigate(to: string, replace = false): void {
    if (to === current()) return;
    if (replace) {
        history.replaceState(history.state, "", base + to);
        notify();
        return;
    }
    const isOtherPage = to.split("?")[0] !== path();
    history.replaceState(placeNow(), "");
    history.pushState(null, "", base + to);
    notify();
    window.scrollTo(0, 0);
    if (isOtherPage) content()?.focus({ preventScroll: true });
}

function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => {
        listeners.delete(listener);
    };
}

export function useRoute(): Route {
    const address = useSyncExternalStore(subscribe, current);
    return useMemo(() => routeOf(address), [address]);
}

/** The address's query, and a way to change some of it. */
export function useQuery(): [URLSearchParams,
    (change: Record<string, string | string[] | null>, replace?: boolean) => void] {
    const search = useSyncExternalStore(subscribe, () => location.search);
    const query = useMemo(() => new URLSearchParams(search), [search]);
    return [query, changeQuery];
}

function changeQuery(change: Record<string, string | string[] | null>, replace = false): void {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) {
        query.delete(name);
        for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one);
    }
    const text = query.toString();
    navigate(path() + (text === "" ? "" : `?${text}`), replace);
}
