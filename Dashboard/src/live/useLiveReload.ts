import { useEffect, useRef } from "react";
import { useWebSocket } from "./useWebSocket";
import type { Update } from "./frames";

/**
 * Reads something again when an update concerns it: soon after the first, then at most once in `least` milliseconds,
 * and always after a hole or a reconnection.
 */
export function useLiveReload(reload: () => void, least: number, concerns: (update: Update) => boolean = () => true) {
    const state = useRef({ last: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined });
    const ask = (delay: number) => {
        const held = state.current;
        if (held.timer !== undefined) return;
        const wait = Math.max(delay, held.last + least - Date.now());
        held.timer = setTimeout(() => {
            held.timer = undefined;
            held.last = Date.now();
            reload();
        }, wait);
    };
    const { link, holes } = useWebSocket((batch) => {
        if (!document.hidden && batch.some(concerns)) ask(100);
    });
    useEffect(() => () => clearTimeout(state.current.timer), []);
    const isFirst = useRef(true);
    useEffect(() => {
        if (isFirst.current) {
            isFirst.current = false;
            return;
        }
        if (link.phase === "live") ask(0);
    }, [link.phase, holes]);
}
