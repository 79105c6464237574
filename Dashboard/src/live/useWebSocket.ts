import { useEffect, useRef } from "react";
import { useStore } from "../state/store";
import { LinkState } from "./LiveSocket";
import { holes, link, watchUpdates } from "./feed";
import type { Update } from "./frames";

/**
 * The live feed for a part of the page: calls `onUpdates` once an animation frame with what came, and says how the
 * connection is. `holes` counts up whenever something is missing that the feed will not send again.
 */
export function useWebSocket(onUpdates?: (batch: Update[]) => void): { link: LinkState; holes: number } {
    const newest = useRef(onUpdates);
    newest.current = onUpdates;
    useEffect(() => watchUpdates((batch) => newest.current?.(batch)), []);
    return { link: useStore(link), holes: useStore(holes) };
}
