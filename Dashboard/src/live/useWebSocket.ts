import { useEffect, useRef } from "react";
import { useStore } from "../state/store";
import { LinkState } from "./LiveSocket";
import { Watcher, holes, link, watchUpdates } from "./feed";

/**
 * The live feed for a part of the page: calls `onUpdates` once an animation frame with what came, and says how the
 * connection is. `holes` counts up whenever something is missing that the feed will not send again.
 */
export function useWebSocket(onUpdates?: Watcher): { link: LinkState; holes: number } {
    const newest = useRef(onUpdates);
    newest.current = onUpdates;
    useEffect(() => watchUpdates((batch, leftOut) => newest.current?.(batch, leftOut)), []);
    return { link: useStore(link), holes: useStore(holes) };
}
