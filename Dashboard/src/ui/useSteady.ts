import { RefObject, useRef, useState } from "react";
import { useHold } from "./useHold";

export interface Steady<T> {
    data: T | null;
    /** Whether newer data waits until no one points at the list. */
    isBehind: boolean;
    /** Lets the next data in, whoever points at the list: the user has changed it. */
    release: () => void;
}

/**
 * Keeps the rows of a list where they are while someone points at one, and those there were while others are read.
 *
 * @param of names what the data are of: those of something else are never kept back.
 */
export function useSteady<T>(list: RefObject<HTMLElement | null>, data: T | null, of: string): Steady<T> {
    const [isHeld, setHeld] = useState(false);
    const shown = useRef<{ of: string; data: T | null }>({ of, data });
    const isReleased = useRef(false);
    const movedAt = useRef(-Infinity);
    useHold(list, { hold: setHeld, movedAt: () => movedAt.current });
    const old = shown.current;
    if (data !== null && data !== old.data && (old.data === null || old.of !== of || !isHeld || isReleased.current)) {
        // Rows that move under a pointer are those of the user's own step.
        if (isReleased.current) movedAt.current = performance.now();
        shown.current = { of, data };
        isReleased.current = false;
    }
    const release = useRef(() => {
        isReleased.current = true;
    }).current;
    return { data: shown.current.data, isBehind: data !== null && shown.current.data !== data, release };
}
